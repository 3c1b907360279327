# The tables of data/ become part of the layer.
add_executable(table ${CMAKE_SOURCE_DIR}/tools/table.c)
function(law_table name columns file)
	set(out ${GENERATED}/law_text_${name}.c)
	set(in ${CMAKE_SOURCE_DIR}/data/${file})
	add_custom_command(
		OUTPUT ${out}
		COMMAND ${CMAKE_COMMAND} -E make_directory ${GENERATED}
		COMMAND table law_text_${name} ${columns} ${in} ${out}
		DEPENDS table ${in}
		COMMENT "Reading data/${file}"
		VERBATIM)
	target_sources(law PRIVATE ${out})
endfunction()
law_table(provisions 6 provision_table.tsv)
law_table(capacities 3 capacities.tsv)
law_table(items 4 items.tsv)
law_table(item_forms 4 item_forms.tsv)
law_table(withholding 6 withholding.tsv)
