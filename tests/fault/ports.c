/*
 * ports free FROM COUNT    print the first of COUNT free ports in a row
 * ports hold PORT          listen on it until the end of standard input
 *
 * On 127.0.0.1; for the scripts of this folder.
 */
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT_LAST 60000

/* A listening socket, or -1. */
static int
listen_on(unsigned int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    listen(fd, 1) == 0)
		return fd;
	close(fd);

	return -1;
}

static bool
is_free(unsigned int port)
{
	int fd = listen_on(port);

	if (fd >= 0)
		close(fd);

	return fd >= 0;
}

static int
find(unsigned int from, unsigned int count)
{
	unsigned int port, n = 0;

	for (port = from; port < PORT_LAST && n < count; port++)
		n = is_free(port) ? n + 1 : 0;
	if (n < count)
		return 1;
	printf("%u\n", port - n);

	return 0;
}

static int
hold(unsigned int port)
{
	char byte;
	int fd = listen_on(port);

	if (fd < 0)
		return 1;
	puts("held");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) == 1)
		;
	close(fd);

	return 0;
}

static unsigned int
number(const char *text)
{
	return (unsigned int)strtoul(text, NULL, 10);
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "free") == 0)
		return find(number(argv[2]), number(argv[3]));
	if (argc == 3 && strcmp(argv[1], "hold") == 0)
		return hold(number(argv[2]));
	fputs("usage: ports free FROM COUNT | ports hold PORT\n", stderr);

	return 2;
}
