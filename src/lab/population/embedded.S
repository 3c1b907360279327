/* Tables of data/ inside the program, so that it needs no files beside it.
   Each becomes NAME and NAME_end. */

#define EMBED(name, file) \
	.global name; \
	.global name##_end; \
	name: \
	.incbin file; \
	name##_end: \
	.byte 0

	.section .rodata
EMBED(embedded_family_names, "data/family_names.tsv")
EMBED(embedded_given_names, "data/given_names.tsv")
EMBED(embedded_towns, "data/towns.tsv")
EMBED(embedded_local_governments, "data/local_governments.tsv")

	.section .note.GNU-stack, "", %progbits
