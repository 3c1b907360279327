/*
 * replay FOLDER: feeds each file of a corpus to the fuzz target that this is
 * linked with, in the order of their names.
 *
 * For builds without libFuzzer.  A target that dislikes what happens ends the
 * process; a folder that holds nothing is a mistake of the caller's.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Far more than any target takes. */
#define INPUT_MAX (1u << 20)

static int
is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The buffer is as long as the file, so that reading past its end shows. */
static int
replay(const char *path)
{
	uint8_t *data = NULL;
	FILE *file;
	long size = -1;
	int rc = -1;

	file = fopen(path, "rb");
	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		goto out;
	size = ftell(file);
	if (size < 0 || size > (long)INPUT_MAX)
		goto out;
	rewind(file);
	data = malloc(size > 0 ? (size_t)size : 1);
	if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size)
		goto out;
	(void)LLVMFuzzerTestOneInput(data, (size_t)size);
	rc = 0;
out:
	if (rc != 0)
		fprintf(stderr, "replay: cannot read %s\n", path);
	free(data);
	if (file != NULL)
		(void)fclose(file);

	return rc;
}

static int
replay_entry(const char *folder, const char *name)
{
	char *path;
	int rc;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return -1;
	rc = replay(path);
	free(path);

	return rc;
}

int
main(int argc, char **argv)
{
	struct dirent **entries;
	int i, n, rc = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: replay FOLDER\n");
		return 2;
	}
	n = scandir(argv[1], &entries, is_file, alphasort);
	if (n <= 0) {
		fprintf(stderr, "replay: no files in %s\n", argv[1]);
		return 1;
	}
	for (i = 0; i < n; i++) {
		if (replay_entry(argv[1], entries[i]->d_name) != 0)
			rc = 1;
		free(entries[i]);
	}
	free(entries);
	printf("%d inputs of %s\n", n, argv[1]);

	return rc;
}
