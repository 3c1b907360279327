#include "wire/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 512

static enum err
bind_socket(const struct addrinfo *ai, int *ret_fd)
{
	int on = 1;
	int fd = socket(
	    ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return ERR_IO;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0) {
		*ret_fd = fd;
		return OK;
	}
	error = errno;
	close(fd);
	errno = error;

	return error == EADDRINUSE ? ERR_BUSY : ERR_IO;
}

enum err
listen_open(
    const char *host, uint16_t port, int *ret_fd, struct problem *problem)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *list = NULL;
	char service[8];
	enum err rc;
	int code;

	snprintf(service, sizeof(service), "%u", (unsigned int)port);
	code = getaddrinfo(host, service, &hints, &list);
	if (code != 0)
		return problem_set(problem, ERR_INPUT,
		    "cannot listen on %s: %s", host, gai_strerror(code));
	rc = bind_socket(list, ret_fd);
	if (rc == ERR_BUSY)
		rc = problem_set(problem, rc,
		    "cannot listen on %s, port %u: another program does; stop "
		    "it or choose another port",
		    host, (unsigned int)port);
	else if (rc)
		rc =
		    problem_set(problem, rc, "cannot listen on %s, port %u: %s",
			host, (unsigned int)port, strerror(errno));
	freeaddrinfo(list);

	return rc;
}

uint16_t
listen_port(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	uint16_t port = 0;

	getsockname(fd, (struct sockaddr *)&address, &len);
	if (address.ss_family == AF_INET6)
		port = ((struct sockaddr_in6 *)&address)->sin6_port;
	else if (address.ss_family == AF_INET)
		port = ((struct sockaddr_in *)&address)->sin_port;

	return ntohs(port);
}

bool
listen_is_loopback(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	const struct in6_addr *v6;
	const struct in_addr *v4;

	getsockname(fd, (struct sockaddr *)&address, &len);
	v4 = &((struct sockaddr_in *)&address)->sin_addr;
	v6 = &((struct sockaddr_in6 *)&address)->sin6_addr;
	if (address.ss_family == AF_INET)
		return ntohl(v4->s_addr) >> 24 == IN_LOOPBACKNET;

	return address.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(v6);
}

void
listen_name_remote(const struct sockaddr *address, int len,
    char ret[LISTEN_REMOTE_MAX], char ret_address[LISTEN_REMOTE_MAX])
{
	char host[INET6_ADDRSTRLEN + 16], port[8];
	bool is_v6 = address->sa_family == AF_INET6;

	ret[0] = ret_address[0] = '\0';
	if (getnameinfo(address, (socklen_t)len, host, sizeof(host), port,
		sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return;
	snprintf(
	    ret, LISTEN_REMOTE_MAX, is_v6 ? "[%s]:%s" : "%s:%s", host, port);
	snprintf(ret_address, LISTEN_REMOTE_MAX, "%s", host);
}
