#include "crypto/keymaking.h"

#include "crypto/jose.h"

enum err
keymaking_sign(struct keystore *ks, struct instant now, json_t **ret_jwk)
{
	struct signing_key *key = NULL;
	struct key_id id;
	struct buf der;
	enum err rc;

	buf_init(&der);
	rc = signing_key_generate(&key);
	if (rc == OK)
		rc = signing_key_encode(key, &der);
	if (rc == OK) {
		id = signing_key_id(key);
		keystore_add_private(
		    ks, "sign", id.text, buf_slice(&der), now, NULL);
		*ret_jwk = signing_key_jwk(key);
	}
	signing_key_free(key);
	buf_done(&der);

	return rc;
}

enum err
keymaking_seal(struct keystore *ks, struct instant now)
{
	struct sealing_key *key = NULL;
	struct key_id id;
	struct buf der;
	enum err rc;

	buf_init(&der);
	rc = sealing_key_generate(&key);
	if (rc == OK)
		rc = sealing_key_encode(key, &der);
	if (rc == OK) {
		id = sealing_key_id(key);
		keystore_add_private(
		    ks, "seal", id.text, buf_slice(&der), now, NULL);
	}
	sealing_key_free(key);
	buf_done(&der);

	return rc;
}
