/*
 * Files and folders of a test.
 *
 * A database flushes to the disk at every commit, and a test would spend most
 * of its time waiting for that.  Therefore its files are in memory if possible:
 * in $BANGO_TEST_DIR if that is set, else in /dev/shm if it is a tmpfs
 * with 1 GiB free that we may write to, else in $TMPDIR, else in /tmp.  Scripts
 * get the same place from scratch.sh.
 *
 * Files there survive the end of a process, but not that of the machine.  A
 * test that is about a disk sets BANGO_TEST_DIR.
 *
 * Everything is removed when the program ends, after failed tests too.  A
 * program that is killed leaves its folder behind: bango-test-*.
 */
#ifndef BANGO_TESTS_SUPPORT_SCRATCH_H
#define BANGO_TESTS_SUPPORT_SCRATCH_H

#define SCRATCH_PATH_MAX 256 /* with its NUL */

/*
 * A path that does not exist, and that no other test uses.  The text lives as
 * long as the program.  Ends the program if there is no place for files.
 */
const char *scratch_path(void);
/* The same of a new, empty folder, with the mode 0700. */
const char *scratch_folder(void);
/* Remove a folder and its contents before the program ends. */
void scratch_remove(const char *folder);

#endif
