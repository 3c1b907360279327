#include "nation/config.h"

#include <stdlib.h>
#include <string.h>

const char config_default[] =
    "; The founding file of a nation.  `bango init` reads it.\n"
    "[nation]\n"
    "name = 見本国\n"
    "host = 127.0.0.1\n"
    "port = 7300\n"
    "people_port = 7320\n"
    "database = sqlite\n"
    "\n"
    "[organisation jlis]\n"
    "kind = information-systems-agency\n"
    "name = 地方公共団体情報システム機構\n"
    "systems = jukinet\n"
    "\n"
    "[organisation digital]\n"
    "kind = digital-agency\n"
    "name = デジタル庁\n"
    "systems = network portal\n"
    "\n"
    "[organisation 012041]\n"
    "kind = municipality\n"
    "name = 旭川市\n"
    "systems = registry addressee relay offices\n"
    "\n"
    "[organisation 131041]\n"
    "kind = municipality\n"
    "name = 新宿区\n"
    "systems = registry addressee relay offices\n"
    "\n"
    "[organisation nenkin]\n"
    "kind = pension-service\n"
    "name = 日本年金機構\n"
    "systems = addressee relay offices\n"
    "\n"
    "[organisation ppc]\n"
    "kind = privacy-commission\n"
    "name = 個人情報保護委員会\n";

static void
free_system(struct system_config *s)
{
	size_t i;

	for (i = 0; i < s->n_settings; i++) {
		free((char *)(uintptr_t)s->settings[i].name);
		free((char *)(uintptr_t)s->settings[i].value);
	}
	free(s->host);
}

void
config_free(struct config *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n_systems; i++)
		free_system(&c->systems[i]);
	for (i = 0; i < c->n_organisations; i++)
		free(c->organisations[i].name);
	buf_done(&c->notes);
	free(c->systems);
	free(c->name);
	free(c->host);
	free(c->database);
	buf_done(&c->doubts);
	free(c);
}

void
config_address(const struct system_config *s, uint16_t port, struct buf *ret)
{
	bool is_v6 = strchr(s->host, ':') != NULL;

	buf_printf(ret, is_v6 ? "[%s]:%u" : "%s:%u", s->host, port);
}

void
config_url(const struct system_config *s, const struct http_port *port,
    struct buf *ret)
{
	buf_add_string(
	    ret, port->door == HTTP_DOOR_PUBLIC ? "http://" : "https://");
	config_address(s, port->port, ret);
}

void
config_peers_url(const struct system_config *s, struct buf *ret)
{
	const struct http_port port = {HTTP_DOOR_PEERS, s->port};

	config_url(s, &port, ret);
}

struct organisation_config *
config_organisation(struct config *c, const char *id)
{
	size_t i;

	for (i = 0; i < c->n_organisations; i++) {
		if (strcmp(c->organisations[i].id, id) == 0)
			return &c->organisations[i];
	}

	return NULL;
}

const struct system_config *
config_system(const struct config *c, const struct system_id *id)
{
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (system_id_equal(&c->systems[i].id, id))
			return &c->systems[i];
	}

	return NULL;
}

const char *
config_setting(const struct system_config *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n_settings; i++) {
		if (strcmp(s->settings[i].name, name) == 0)
			return s->settings[i].value;
	}

	return NULL;
}

bool
config_has_setting(const struct system_config *s, const char *name)
{
	return config_setting(s, name) != NULL;
}
