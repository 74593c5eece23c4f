"""Images from files: an `image_folder` is a data set; `files` are opened by Pillow, `check` finds broken ones."""
