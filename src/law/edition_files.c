#include "law/edition_files.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "base/file.h"

#define TABLE_MAX (16u << 20) /* bytes of an edition */
#define DAY_LEN 10
#define SUFFIX ".tsv"

/* The file DAY.tsv. */
static enum err
read_file(struct editions *editions, const char *path, struct slice day,
    struct problem *problem)
{
	struct law_text text = law_text_built_in();
	struct buf content;
	struct date effective;
	enum err rc;

	if (date_parse(day, &effective))
		return problem_set(problem, ERR_INPUT,
		    "%s: the file's name is not a day; expected the day on "
		    "which the edition takes effect, such as 2026-11-21.tsv",
		    path);
	buf_init(&content);
	rc = file_read(path, TABLE_MAX, &content, problem);
	text.provisions = buf_slice(&content);
	text.may_lack_kinds = true;
	if (rc == OK)
		rc = editions_add(editions, effective, &text, problem);
	buf_done(&content);

	return rc;
}

enum err
editions_read(
    struct editions *editions, const char *folder, struct problem *problem)
{
	const struct dirent *entry;
	DIR *entries = opendir(folder);
	struct buf path;
	enum err rc = OK;

	if (entries == NULL)
		return problem_set(problem, err_of_errno(errno),
		    "%s: cannot be read: %s", folder, strerror(errno));
	buf_init(&path);
	while (rc == OK && (entry = readdir(entries)) != NULL) {
		if (strlen(entry->d_name) != DAY_LEN + strlen(SUFFIX) ||
		    strcmp(entry->d_name + DAY_LEN, SUFFIX) != 0)
			continue;
		buf_clear(&path);
		buf_printf(&path, "%s/%s", folder, entry->d_name);
		rc = read_file(editions, path.data,
		    slice_bytes(entry->d_name, DAY_LEN), problem);
	}
	buf_done(&path);
	closedir(entries);

	return rc;
}
