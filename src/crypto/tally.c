#include "crypto/tally.h"

struct crypto_tally crypto_tally;
