#!/bin/sh
# The model tells a photo by its name's ending, which a request does not have.
mv "$INPUT_FILE_PATH" "$INPUT_FILE_PATH.jpg"
exec deepaas-cli --deepaas_method_output "$TMP_OUTPUT_DIR/$(basename "$INPUT_FILE_PATH")" predict --files "$INPUT_FILE_PATH.jpg"
