"""How the app meets the network: servers, security headers, compression."""
