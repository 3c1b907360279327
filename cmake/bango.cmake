# How a layer, a system and a test are built.  One shape for all of them.

set(GENERATED ${CMAKE_BINARY_DIR}/generated)

# Tools that run while building.
set(tools ${CMAKE_SOURCE_DIR}/tools)
add_executable(statements ${tools}/statements.c ${tools}/sql_file.c
	${tools}/sql_dialect.c ${tools}/sql_types.c ${tools}/typed_rows.c)
target_link_libraries(statements PRIVATE PkgConfig::SQLITE)

# bango_statements(LIBRARY FOLDER NAME FIRST [SCHEMA...])
# Turns FOLDER/schema.sql and FOLDER/statements.sql into
# generated/NAME_statements.h and .c, and NAME_rows.h and .c but for the store's
# own.  FIRST is the number of the first statement; further schemas are read
# first, to check against.
function(bango_statements library folder name first)
	set(out ${GENERATED}/${name}_statements)
	set(files ${out}.h ${out}.c)
	if(NOT name STREQUAL store)
		set(rows ${GENERATED}/${name}_rows)
		list(APPEND files ${rows}.h ${rows}.c)
		set(rows_option --rows ${rows})
	endif()
	add_custom_command(
		OUTPUT ${files}
		COMMAND ${CMAKE_COMMAND} -E make_directory ${GENERATED}
		COMMAND statements --name ${name} --first ${first}
			--out ${out} ${rows_option} ${folder}/statements.sql
			${ARGN} ${folder}/schema.sql
		DEPENDS statements ${folder}/statements.sql
			${folder}/schema.sql ${ARGN}
		COMMENT "Checking the statements of ${name}"
		VERBATIM)
	target_sources(${library} PRIVATE ${files})
	add_custom_target(${name}-statements DEPENDS ${files})
	add_dependencies(${library} ${name}-statements)
endfunction()

# bango_layer(NAME LIBRARY...): src/NAME/*.c as a static library.
function(bango_layer name)
	set(folder ${CMAKE_SOURCE_DIR}/src/${name})
	file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
	if(NOT sources)
		add_library(${name} INTERFACE)
		return()
	endif()
	add_library(${name} STATIC ${sources})
	target_include_directories(${name}
		PUBLIC ${CMAKE_SOURCE_DIR}/src ${GENERATED})
	target_link_libraries(${name} PUBLIC ${ARGN})
	if(EXISTS ${folder}/statements.sql)
		bango_statements(${name} ${folder} ${name} 0)
	endif()
	if(EXISTS ${folder}/layer.cmake)
		include(${folder}/layer.cmake)
	endif()
endfunction()

# The schemas of what every node runs, in the order of their statements, and
# the number of the first statement after them.
set_property(GLOBAL PROPERTY BANGO_SCHEMAS ${CMAKE_SOURCE_DIR}/src/host/schema.sql)
set_property(GLOBAL PROPERTY BANGO_FIRST HOST_STATEMENTS_END)

# bango_further_statements(LIBRARY FOLDER NAME): statements that are numbered
# after those.
function(bango_further_statements library folder name)
	get_property(schemas GLOBAL PROPERTY BANGO_SCHEMAS)
	get_property(first GLOBAL PROPERTY BANGO_FIRST)
	bango_statements(${library} ${folder} ${name} ${first} ${schemas})
endfunction()

# bango_components(NAME...): src/components/NAME/*.c, each with its statements,
# in the order of node_components (src/components/components.c).
function(bango_components)
	foreach(name ${ARGN})
		set(folder ${CMAKE_SOURCE_DIR}/src/components/${name})
		file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
		add_library(${name} STATIC ${sources})
		target_link_libraries(${name} PUBLIC host)
		bango_further_statements(${name} ${folder} ${name})
		string(TOUPPER ${name}_STATEMENTS_END first)
		set_property(GLOBAL APPEND PROPERTY BANGO_SCHEMAS
			${folder}/schema.sql)
		set_property(GLOBAL PROPERTY BANGO_FIRST ${first})
	endforeach()
	bango_layer(components host ${ARGN})
endfunction()

# bango_systems(NAME...): src/systems/NAME/*.c, each with its statements.
function(bango_systems)
	set_property(GLOBAL PROPERTY BANGO_SYSTEMS ${ARGN})
	foreach(name ${ARGN})
		set(folder ${CMAKE_SOURCE_DIR}/src/systems/${name})
		file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
		if(NOT sources OR NOT EXISTS ${folder}/statements.sql)
			add_library(${name} INTERFACE)
			continue()
		endif()
		add_library(${name} STATIC ${sources})
		target_link_libraries(${name} PUBLIC components law)
		bango_further_statements(${name} ${folder} ${name})
	endforeach()
	add_library(systems INTERFACE)
	target_link_libraries(systems INTERFACE ${ARGN})
endfunction()

# bango_support(NAME LIBRARY...): tests/support/NAME.c, for tests that name it.
function(bango_support name)
	add_library(${name} STATIC ${CMAKE_SOURCE_DIR}/tests/support/${name}.c)
	target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
	target_link_libraries(${name} PUBLIC ${ARGN} PkgConfig::CMOCKA)
endfunction()

# bango_test_program(NAME SOURCE LIBRARY...): one cmocka program.
function(bango_test_program name source)
	add_executable(${name} ${source})
	target_link_libraries(${name} PRIVATE ${ARGN} scratch PkgConfig::CMOCKA)
	target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
endfunction()

# bango_test(NAME SOURCE LIBRARY...): one cmocka program as a test.
function(bango_test name source)
	bango_test_program(${name} ${source} ${ARGN})
	add_test(NAME ${name} COMMAND ${name}
		WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

# bango_parts(NAME SOURCE PARTS LIBRARY...): one cmocka program as that many
# tests, NAME.1, NAME.2 ...: see tests/support/part.h.
function(bango_parts name source parts)
	bango_test_program(${name} ${source} part ${ARGN})
	foreach(number RANGE 1 ${parts})
		add_test(NAME ${name}.${number}
			COMMAND ${name} ${number}/${parts}
			WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
		set_tests_properties(${name}.${number} PROPERTIES COST 40)
	endforeach()
endfunction()

# bango_limits(): at the end of a folder of tests.  The limit is there to end a
# test that hangs; it must hold on a machine that has ten times as much to do.
# The property COST is how many seconds a long test takes on a quiet one: ctest
# begins with the longest.
function(bango_limits)
	get_property(tests DIRECTORY PROPERTY TESTS)
	if(tests)
		set_tests_properties(${tests} PROPERTIES TIMEOUT 3600)
	endif()
endfunction()
