"""Container images: built by Buildah on a base of Debian's packages, and run by bubblewrap. No registry of images is needed."""
