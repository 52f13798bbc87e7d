"""Where a store's candidates have their artifacts: folders of this machine, cloud storage, a tracking server."""
