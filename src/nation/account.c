#include "nation/account.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "nation/nation.h"

#define ENTRY_MAX 4096 /* of the file of users */

/* --- Finding it ----------------------------------------------------------- */

static void
expand(const char *name, const struct system_id *id, struct buf *ret)
{
	for (; *name != '\0'; name++) {
		if (*name == '%')
			nation_add_file_name(ret, id);
		else
			buf_add_char(ret, *name);
	}
}

static enum err
look_up(const char *name, struct account *ret, struct problem *problem)
{
	struct passwd entry, *p = NULL;
	char text[ENTRY_MAX];

	if (getpwnam_r(name, &entry, text, sizeof(text), &p) != 0 ||
	    p == NULL || strlen(name) >= sizeof(ret->name) ||
	    strlen(p->pw_dir) >= sizeof(ret->home))
		return problem_set(problem, ERR_NOT_FOUND,
		    "there is no user %s on this machine; `useradd --system "
		    "%s` makes one",
		    name, name);
	if (p->pw_uid == 0)
		return problem_set(problem, ERR_DENIED,
		    "the user %s is root, who may do anything: name another",
		    name);
	ret->uid = p->pw_uid;
	ret->gid = p->pw_gid;
	snprintf(ret->name, sizeof(ret->name), "%s", name);
	snprintf(ret->home, sizeof(ret->home), "%s", p->pw_dir);

	return OK;
}

enum err
account_find(const char *name, const struct system_id *id, struct account *ret,
    struct problem *problem)
{
	struct buf expanded;
	enum err rc;

	if (geteuid() != 0)
		return problem_set(problem, ERR_DENIED,
		    "only root starts systems as another user: use --user as "
		    "root, or leave it out");
	buf_init(&expanded);
	expand(name, id, &expanded);
	rc = look_up(expanded.data != NULL ? expanded.data : "", ret, problem);
	buf_done(&expanded);

	return rc;
}

/* --- Giving it what it needs ---------------------------------------------- */

static enum err
failed(const char *verb, const char *path, struct problem *problem)
{
	return problem_set(problem, err_of_errno(errno), "cannot %s %s: %s",
	    verb, path, strerror(errno));
}

/* Others may go through it, and read no list of its files. */
static enum err
open_way(const char *dir, const char *name, struct problem *problem)
{
	struct buf path;
	struct stat st;
	enum err rc = OK;

	buf_init(&path);
	nation_path(&path, dir, name);
	if (stat(path.data, &st) ||
	    ((st.st_mode & S_IXOTH) == 0 &&
		chmod(path.data, (st.st_mode & 07777) | S_IXGRP | S_IXOTH)))
		rc = failed("open the way through", path.data, problem);
	buf_done(&path);

	return rc;
}

/* One file or folder, by its name in an open folder.  Root made it, or a command
 * of root's replaced it. */
static enum err
give(int folder, const char *name, const struct account *a, const char *path,
    struct problem *problem)
{
	struct stat st;
	enum err rc = OK;
	int fd = openat(
	    folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st)) {
		rc = failed("open", path, problem);
	} else if (st.st_uid == a->uid) {
		/* It has it. */
	} else if (S_ISREG(st.st_mode) && st.st_nlink > 1) {
		rc = problem_set(problem, ERR_DENIED,
		    "%s/%s has another name elsewhere, and is not given to "
		    "the user %s: remove one of the names",
		    path, name, a->name);
	} else if (fchown(fd, a->uid, a->gid))
		rc = failed("give away", path, problem);
	if (fd >= 0)
		close(fd);

	return rc;
}

static enum err
give_folder(const struct account *a, const char *path, struct problem *problem)
{
	DIR *folder = opendir(path);
	const struct dirent *e;
	enum err rc = OK;

	if (folder == NULL)
		return failed("open", path, problem);
	while (rc == OK && (e = readdir(folder)) != NULL) {
		if (strcmp(e->d_name, "..") != 0)
			rc = give(dirfd(folder), e->d_name, a, path, problem);
	}
	closedir(folder);

	return rc;
}

/* A passphrase in a folder elsewhere. */
static enum err
give_passphrase(const struct account *a, const char *folder,
    const struct system_id *id, struct problem *problem)
{
	struct buf name;
	enum err rc;
	int fd;

	buf_init(&name);
	nation_add_file_name(&name, id);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd < 0 ? failed("open", folder, problem)
		    : give(fd, name.data, a, folder, problem);
	if (fd >= 0)
		close(fd);
	buf_done(&name);

	return rc == OK ? open_way(folder, ".", problem) : rc;
}

/* Whether it gets there: the folders above are not ours to open. */
static enum err
check(const struct account *a, const char *path, struct problem *problem)
{
	int fd, error;

	account_enter(a);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	error = errno;
	account_leave(a);
	if (fd < 0)
		return problem_set(problem, ERR_DENIED,
		    "the user %s cannot read %s: %s; let others search each "
		    "folder above it (chmod o+x)",
		    a->name, path, strerror(error));
	close(fd);

	return OK;
}

enum err
account_prepare(const struct account *a, const char *dir,
    const struct system_id *id, const char *passphrases,
    struct problem *problem)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	rc = open_way(dir, ".", problem);
	if (rc == OK)
		rc = open_way(dir, "ca", problem);
	if (rc == OK)
		rc = open_way(dir, "systems", problem);
	nation_system_path(&path, dir, id, "");
	if (rc == OK)
		rc = give_folder(a, path.data, problem);
	if (rc == OK && passphrases != NULL)
		rc = give_passphrase(a, passphrases, id, problem);
	nation_path(&path, dir, "nation.ini");
	if (rc == OK)
		rc = check(a, path.data, problem);
	buf_done(&path);

	return rc;
}

/* --- Being it ------------------------------------------------------------- */

void
account_enter(const struct account *a)
{
	if (a != NULL && (setegid(a->gid) || seteuid(a->uid)))
		abort();
}

void
account_leave(const struct account *a)
{
	if (a != NULL && (seteuid(0) || setegid(0)))
		abort();
}

bool
account_become(const struct account *a)
{
	return initgroups(a->name, a->gid) == 0 && setgid(a->gid) == 0 &&
	    setuid(a->uid) == 0 && setenv("HOME", a->home, 1) == 0;
}
