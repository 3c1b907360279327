/*
 * The commands of bango-lab, one file each.
 *
 * argv[0] is the command's name.  The result is the process's exit code, one of
 * those in main/commands.h.
 */
#ifndef BANGO_LAB_COMMANDS_H
#define BANGO_LAB_COMMANDS_H

/* Show the whole scheme at work. */
int command_demo(int argc, char **argv);
/* Make synthetic residents. */
int command_population(int argc, char **argv);
/* Measure. */
int command_bench(int argc, char **argv);
/* Run a nation under faults, virtually. */
int command_simulate(int argc, char **argv);

#endif
