"""The box: a clean Debian root in which `deploy/install.sh` does what it says."""
