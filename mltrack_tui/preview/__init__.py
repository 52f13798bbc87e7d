"""What an artifact holds, understood without running, loading or unpacking any of it: bytes in, values out."""
