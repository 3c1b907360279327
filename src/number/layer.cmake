# libbango-number: the two files of this layer that need the C library alone,
# as a library of their own for other people's programs.
set(public_sources ${folder}/public.c ${folder}/notation.c)
add_library(bango-number SHARED ${public_sources})
add_library(bango-number-static STATIC ${public_sources})
set_target_properties(bango-number PROPERTIES
	VERSION ${PROJECT_VERSION} SOVERSION 0
	LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/bango-number.map)
target_link_options(bango-number PRIVATE
	-Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/bango-number.map)
set_target_properties(bango-number-static PROPERTIES OUTPUT_NAME bango-number)
foreach(library bango-number bango-number-static)
	target_include_directories(${library} PRIVATE ${CMAKE_SOURCE_DIR}/src)
endforeach()
