/*
 * One HTTP call as it came in: the server fills it, the host adds whether the
 * call has waited, and handlers read it.  Nothing is copied in between.
 *
 * Every field that is kept stands in a request at most once; the server
 * refuses a second one, and a field that holds anything but visible ASCII,
 * blanks and tabs.  All fields together fit into http_limits.header_bytes.
 *
 * The values are the sender's and not verified.  The exceptions are
 * `fingerprint`, which TLS has proved, `remote` and `doors`.
 */
#ifndef BANGO_WIRE_HTTP_CALL_H
#define BANGO_WIRE_HTTP_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "pki/x509.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_OTHER };

const char *http_method_name(enum http_method method);

/* A port by which calls come in; one bit each. */
enum http_door {
	HTTP_DOOR_PEERS = 1,  /* mutual TLS 1.3: systems and operators */
	HTTP_DOOR_PEOPLE = 2, /* TLS 1.3 that asks for no certificate */
	HTTP_DOOR_PUBLIC = 4, /* plain HTTP */
};
#define HTTP_DOORS_ALL (HTTP_DOOR_PEERS | HTTP_DOOR_PEOPLE | HTTP_DOOR_PUBLIC)

/* "peers", "people", "public". */
const char *http_door_name(enum http_door door);

/* In the place of a bound: a body that is not read, as its call is refused. */
#define HTTP_BODY_UNREAD SIZE_MAX

struct http_call {
	/* HEAD is HTTP_GET: the server leaves the body of the reply out. */
	enum http_method method;
	/* The doors by which the call came in, HTTP_DOOR_*: the door of the
	 * port.  A public port of the loopback is the people's door, too, for
	 * a call whose Host is a name of the loopback. */
	unsigned int doors;
	struct slice path;  /* percent-decoded, no query; UTF-8, no ".." */
	struct slice query; /* raw, without '?' */
	struct slice body;
	/* The fields' values; data NULL: absent. */
	struct slice content_type; /* http_media_read() reads it */
	struct slice content_encoding;
	struct slice authorization;
	struct slice host;
	struct slice cookie; /* http_cookie_value() reads it */
	struct slice origin;
	struct slice sec_fetch_site;
	struct slice accept;
	struct slice accept_language;
	struct slice if_none_match; /* http_etag_matches() reads it */
	bool has_certificate;
	struct fingerprint fingerprint; /* of the client's certificate */
	struct slice remote;            /* address:port, for the log */
	/* The body was not read: http_handler.body_bytes said that the call
	 * would be refused. */
	bool unread;
	bool resumed;      /* the handler has put this call off before */
	bool waited;       /* a wait of the handler ran out */
	void *server_data; /* the server's own */
};

/* The value of the cookie "__Host-NAME" in a Cookie field (RFC 6265 §5.4); the
 * empty slice with NULL data if it is absent or stands there twice. */
struct slice http_cookie_value(struct slice cookie, const char *name);

/* Is a Host field one of this machine's own names: localhost, a name below it
 * (RFC 6761 §6.3), 127.0.0.0/8 or [::1], with or without a port? */
bool http_host_is_loopback(struct slice host);

/*
 * Did a page of another site make the caller's browser send this?  The browser says
 * so in Sec-Fetch-Site (Fetch Metadata) or Origin (RFC 6454 §7), and sends
 * certificate and cookies along.  False for a GET or HEAD, which a link from
 * anywhere may bring, and for clients that send neither field.
 */
bool http_call_is_foreign(const struct http_call *call);

/*
 * The network that a caller's address belongs to, which one party has at least: an
 * IPv4 address, or the first 56 bits of an IPv6 address (a site or a part of
 * one: RFC 6177 §2).  False if the address is not known.
 */
bool http_call_network(const struct http_call *call, uint64_t *ret);

/* Does an If-None-Match field name `tag`, or "*"?  The weak comparison (RFC
 * 9110 §13.1.2); `tag` without quotation marks.  A field that is not
 * well-formed matches nothing from there on. */
bool http_etag_matches(struct slice if_none_match, struct slice tag);

#endif
