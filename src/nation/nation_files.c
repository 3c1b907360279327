/* Paths of a nation's folder, and files with errors that name them. */
#include "base/file.h"
#include "nation/nation.h"

#define PEM_MAX (64u << 10)
#define CRL_MAX (16u << 20)

void
nation_path(struct buf *ret, const char *dir, const char *name)
{
	buf_clear(ret);
	buf_printf(ret, "%s/%s", dir, name);
}

void
nation_add_file_name(struct buf *ret, const struct system_id *id)
{
	buf_add(ret, system_id_organisation(id));
	buf_add_char(ret, '-');
	buf_add(ret, system_id_name(id));
}

void
nation_system_path(struct buf *ret, const char *dir, const struct system_id *id,
    const char *name)
{
	buf_clear(ret);
	buf_printf(ret, "%s/systems/", dir);
	nation_add_file_name(ret, id);
	buf_printf(ret, "%s%s", name[0] != '\0' ? "/" : "", name);
}

enum err
nation_certificate(const char *path, struct buf *ret, struct problem *problem)
{
	struct fingerprint fingerprint;

	TRY(file_read(path, PEM_MAX, ret, problem));
	if (certificate_fingerprint(buf_slice(ret), &fingerprint))
		return problem_set(problem, ERR_CRYPTO,
		    "%s is not a certificate in PEM: restore it from a copy",
		    path);

	return OK;
}

enum err
nation_crl(const char *path, struct buf *ret, struct problem *problem)
{
	TRY(file_read(path, CRL_MAX, ret, problem));
	if (crl_check(buf_slice(ret)))
		return problem_set(problem, ERR_CRYPTO,
		    "%s is not a revocation list in PEM: restore it from a "
		    "copy",
		    path);

	return OK;
}
