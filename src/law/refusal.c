#include "law/refusal.h"

#include <assert.h>

static const struct refusal_info all[REFUSALS] = {
    [REFUSED_NOT] = {"", "", "", ""},
    [REFUSED_MESSAGE] = {"message-refused", "receiver", "",
	"電文が受け付けられませんでした / a system on the way did not take the "
	"message"},
    [REFUSED_UNKNOWN_PERSON] = {"unknown-person", "addressee", "",
	"この宛名番号の人は登録されていません / nobody is registered under this "
	"business number"},
    [REFUSED_DECEASED] = {"deceased", "addressee", "",
	"この人は死亡しています / the record says that this person has died; if "
	"the affair is about a dead person, ask again with "
	"deceased_confirmed"},
    [REFUSED_CASE] = {"case", "relay", "番号法19条8号",
	"事案の開始日が本日より後か、2年を超えて前です / the case was opened after "
	"today, or more than two years ago; give the case that needs the "
	"answer"},
    [REFUSED_CASE_OFTEN] = {"case-often", "relay", "番号法19条8号",
	"この事案による照会が30日間に40件を超えました / more than 40 inquiries name "
	"this case in 30 days; give each case its own number"},
    [REFUSED_NOT_ACQUIRED] = {"not-acquired", "relay", "番号法21条の2",
	"照会者は符号を取得していません / this organisation has no linkage code for "
	"the person yet; ask again after it is acquired"},
    [REFUSED_NO_CODE] = {"no-code", "network", "番号法施行令20条",
	"照会者の符号ではありません / this linkage code is not the inquirer's "
	"own"},
    [REFUSED_UNKNOWN_ITEM] = {"unknown-item", "network", "番号法19条8号",
	"この情報の項目はありません / there is no such item of information"},
    [REFUSED_UNKNOWN_VERSION] = {"unknown-version", "network", "番号法19条8号",
	"この情報の項目にこの版はありません / the catalogue has no such version of "
	"this item"},
    [REFUSED_PROVIDER_UNKNOWN] = {"provider-unknown", "network",
	"番号法21条2項",
	"この情報提供者は接続していません / no such provider is connected"},
    [REFUSED_NO_BASIS] = {"no-basis", "network", "番号法19条8号",
	"表により認められていません / the law's table does not allow it"},
    [REFUSED_OWN_USE] = {"own-use-unconfirmed", "network", "番号法19条9号",
	"この独自利用事務は個人情報保護委員会に確認されていません / the Commission has "
	"not confirmed this affair by ordinance"},
    [REFUSED_OWN_USE_LIMITED] = {"own-use-limited", "network", "番号法26条",
	"提供者の条例により、独自利用事務にはこの情報を提供しません / the provider's "
	"ordinance keeps this information from affairs by ordinance"},
    [REFUSED_ASSESSMENT_INQUIRER] = {"assessment-inquirer", "network",
	"番号法28条",
	"照会者の特定個人情報保護評価が済んでいません / the inquirer's protection "
	"assessment is not on file"},
    [REFUSED_ASSESSMENT_PROVIDER] = {"assessment-provider", "network",
	"番号法28条",
	"提供者の特定個人情報保護評価が済んでいません / the provider's protection "
	"assessment is not on file"},
    [REFUSED_WITHHOLDING] = {"withholding-not-allowed", "network",
	"番号法23条2項",
	"この事務にはこの不開示の理由・期間が認められていません / the affair has no such "
	"ground to withhold the record, or not in this grade or for so long"},
    [REFUSED_PROVIDER_NO_CODE] = {"provider-no-code", "network",
	"番号法施行令26条2項",
	"提供者はこの人の符号を取得していません / the provider has no linkage code "
	"for this person; ask it to acquire one"},
    [REFUSED_BUDGET] = {"budget", "network", "番号法21条2項",
	"照会の上限を超えています / more inquiries than the network takes from one "
	"organisation in a day, about one person in 30 days, or withheld in "
	"30 days, and no officer of the network released this one; ask again "
	"on another day"},
    [REFUSED_OTHER_VERSION] = {"other-version", "provider", "番号法22条1項",
	"提供者は他の版だけを保有しています / the provider holds other versions of "
	"the item, not this one; ask without a version, or for another"},
    [REFUSED_QUESTION] = {"question-invalid", "provider", "番号法21条2項",
	"照会者が署名した照会ではありません / the inquirer has not signed the "
	"question of this permit, or it was asked before; the network has to "
	"explain the permit"},
    [REFUSED_HOLD] = {"hold-refused", "provider", "番号法22条1項",
	"提供者が確認のうえ自動応答しないと判断しました / the provider's officer "
	"looked at the inquiry and does not answer; ask the provider's office "
	"in writing"},
    [REFUSED_HOLD_DEADLINE] = {"hold-deadline", "provider", "番号法22条1項",
	"期限までに提供者の判断がありませんでした / the provider's officer did not "
	"decide before the deadline; ask again, or ask the provider's "
	"office"},
    [REFUSED_EXPIRED] = {"expired", "relay", "令85 41条3項",
	"提供許可の有効期間が過ぎました / the provider did not answer while the "
	"permit lasted; ask again"},
    [REFUSED_REVOKED] = {"revoked", "network", "番号法21条2項",
	"提供許可が取り消されました / the network took the permit back"},
    [REFUSED_CANCELLED] = {"cancelled", "inquirer", "",
	"照会者が取り下げました / the inquirer took the inquiry back"},
};

const struct refusal_info *
refusal_info(enum refusal refusal)
{
	assert((size_t)refusal < REFUSALS);

	return &all[refusal];
}

struct slice
refusal_text(struct arena *arena, enum refusal refusal, struct slice why)
{
	struct slice text = slice_of(refusal_info(refusal)->text);

	if (slice_is_empty(why))
		return text;

	return arena_printf(
	    arena, "%.*s: %.*s", SLICE_ARG(text), SLICE_ARG(why));
}

enum refusal
refusal_of(struct slice reason)
{
	size_t i;

	for (i = 1; i < REFUSALS; i++) {
		if (slice_equal_string(reason, all[i].reason))
			return (enum refusal)i;
	}

	return REFUSED_NOT;
}
