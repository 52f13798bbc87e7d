"""The projects of a source: of a server that may have thousands, only what somebody looks at costs a request."""
