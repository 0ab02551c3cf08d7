"""What an operator watches the service by: figures (Prometheus) and lines of log with the request they belong to."""
