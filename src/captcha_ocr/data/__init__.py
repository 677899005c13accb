"""Files: archives, pictures, the manifest and its checks (adds Pillow, pandas, Great Expectations)."""
