#!/bin/sh
# law.sh BUILD: bango law, with a second edition that is made here: a small
# derivative of the table for this test, and no text of law.
set -eu
. "$(dirname "$0")/../support/script.sh"
said=out

# --- Decisions: yes with row and article, no with what is missing ------------

on="--date 2026-11-21"
# shellcheck disable=SC2086 # two words
{
	run 0 law may $on municipality 106 municipality local-tax
	says "yes  row 106, line 2"
	says "表106の項"
	run 0 law may $on 市町村長 106 市町村長 local-tax
	run 1 law may $on municipality 106 pension-service local-tax
	says "no   provider"
	says "expected: 市町村長"
	run 1 law may $on municipality 106 municipality pension
	says "no   item"
	says "local-tax"
	run 1 law may $on pension-service 106 municipality local-tax
	says "no   inquirer"
	run 1 law may $on municipality 999 municipality local-tax
	says "no   affair"
	run 1 law may --json $on municipality 106 municipality pension
	says '"allowed":false'
	says '"missing":"item"'
	run 2 law may $on municipality 106 municipality weather
	run 2 law may $on nobody 106 municipality local-tax
}
run 2 law may municipality 106
run 2 law weather
run 2
run 1 law may --date 2024-05-26 municipality 106 municipality local-tax

# --- Lists -------------------------------------------------------------------

run 0 law list affairs
[ "$(wc -l <out)" = 173 ] || fail "there are not 173 affairs"
run 0 law list items
says "local-tax"
run 0 law list providers
says "日本年金機構"
run 0 law list inquirers
says "national-tax-agency	国税庁長官"
says "市町村長"
run 0 law show 106
says "106.2"
run 1 law show 174
run 2 law list weather

# --- Editions ----------------------------------------------------------------

mkdir editions
awk -F '\t' 'BEGIN { OFS = FS }
	$1 == 173 { next }
	$1 == 106 && $2 == 2 { $5 = "市町村長又は日本年金機構" }
	{ print }' "$root/data/provision_table.tsv" >editions/2030-04-01.tsv
more="--editions editions"
# shellcheck disable=SC2086 # two words
{
	run 0 law diff $more 2024-05-27 2030-03-31
	[ ! -s out ] || fail "an edition differs from itself"
	run 1 law diff $more 2024-05-27 2030-04-01
	says "row-removed	173	0"
	says "provision-added	106	106	日本年金機構	地方税関係情報"
	[ "$(grep -vc '	106	106	日本年金機構	' out)" = 1 ] ||
		fail "more differs than was changed"
	run 1 law may $more --date 2030-03-31 municipality 106 pension-service \
		local-tax
	run 0 law may $more --date 2030-04-01 municipality 106 pension-service \
		local-tax
	run 0 law list $more --date 2030-04-01 editions
	says "2030-04-01	in force"
	cp editions/2030-04-01.tsv editions/2024-05-27.tsv
	run 3 law list $more editions
	run 3 law list --editions nowhere editions
	run 2 law may --date weather municipality 106 municipality local-tax
}

# --- Own-use affairs, as the network lists them ------------------------------

cat >affairs.json <<'END'
{"affairs": [{"declaration": "66666666666666666666666666666661",
  "organisation": "131041", "affair": "own-medical", "title": "医療費の助成",
  "ordinance": "新宿区医療費助成条例", "number": "平成10年条例第5号",
  "effective": "2026-04-01", "row": "106", "items": ["local-tax"],
  "providers": ["municipality"], "state": "confirmed", "reason": "",
  "edition": "2024-05-27"}],
 "limits": [{"declaration": "77777777777777777777777777777771",
  "provider": "012041", "item": "", "organisation": "", "affair": "",
  "ordinance": "旭川市番号利用条例", "number": "平成27年条例第60号",
  "withdrawn": ""}]}
END
own="--affairs affairs.json --date 2026-11-21"
# shellcheck disable=SC2086 # two words
{
	run 0 law may $own 131041 own-medical municipality local-tax
	says "yes  row 106, line 2: 番号法19条9号、新宿区医療費助成条例（平成10年条例第5号）"
	run 1 law may $own 131041 own-medical municipality:012041 local-tax
	says "no   own-use-limited"
	says "番号法26条、旭川市番号利用条例（平成27年条例第60号）"
	run 1 law may $own 131041 own-medical municipality resident-record
	says "no   item"
	run 1 law may $own 012041 own-medical municipality local-tax
	says "no   affair"
	run 1 law may --affairs affairs.json --date 2026-03-31 \
		131041 own-medical municipality local-tax
	sed 's/"confirmed"/"declared"/' affairs.json >declared.json
	run 1 law may --json --affairs declared.json --date 2026-11-21 \
		131041 own-medical municipality local-tax
	says '"reason":"own-use-unconfirmed"'
	run 2 law may 131041 own-medical municipality local-tax
	sed 's/2024-05-27/2025-05-27/' affairs.json >other.json
	run 2 law may --affairs other.json 131041 own-medical municipality local-tax
	echo '{"affairs": []}' >bad.json
	run 2 law may --affairs bad.json 131041 own-medical municipality local-tax
	run 2 law may --affairs nowhere 131041 own-medical municipality local-tax
}
