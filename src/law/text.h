/* The tables of data/, compiled in (tools/table.c writes the arrays). */
#ifndef BANGO_LAW_TEXT_H
#define BANGO_LAW_TEXT_H

extern const char law_text_provisions[];
extern const unsigned int law_text_provisions_len;
extern const char law_text_capacities[];
extern const unsigned int law_text_capacities_len;
extern const char law_text_items[];
extern const unsigned int law_text_items_len;
extern const char law_text_item_forms[];
extern const unsigned int law_text_item_forms_len;
extern const char law_text_withholding[];
extern const unsigned int law_text_withholding_len;

#endif
