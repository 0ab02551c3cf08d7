"""From files to sound: decoding, what a decoder accepts, and a track."""
