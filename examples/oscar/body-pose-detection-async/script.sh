#!/bin/sh
# What is written to TMP_OUTPUT_DIR goes into the output bucket.
exec deepaas-predict -i "$INPUT_FILE_PATH" -ct application/zip -o "$TMP_OUTPUT_DIR/"
