/*
 * For tools/statements: the functions of the statements, with typed parameters
 * and rows (NAME_rows.h and NAME_rows.c).
 */
#ifndef BANGO_TOOLS_TYPED_ROWS_H
#define BANGO_TOOLS_TYPED_ROWS_H

#include <stdio.h>

#include "sql_types.h"

/* Complain of names that C refuses, and of shared rows that differ. */
void rows_check(struct file *file);
void rows_print_header(FILE *f, const char *name, const struct file *file);
void rows_print_source(FILE *f, const char *name, const struct file *file);

#endif
