include(GNUInstallDirs)
install(TARGETS bango RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# The test kit, for a package of its own, into the same folder.  Alone:
# cmake --install build/release --component lab
install(TARGETS bango-lab RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
	COMPONENT lab)
file(GLOB BANGO_MAN1 ${CMAKE_SOURCE_DIR}/man/*.1)
file(GLOB BANGO_MAN3 ${CMAKE_SOURCE_DIR}/man/*.3)
install(FILES ${BANGO_MAN1} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${BANGO_MAN3} DESTINATION ${CMAKE_INSTALL_MANDIR}/man3)
install(DIRECTORY ${CMAKE_BINARY_DIR}/openapi
	DESTINATION ${CMAKE_INSTALL_DOCDIR})

# libbango-number for other people's programs.  On its own:
# cmake --install build/release --component number-library
configure_file(${CMAKE_SOURCE_DIR}/cmake/bango-number.pc.in
	${CMAKE_BINARY_DIR}/bango-number.pc @ONLY)
install(TARGETS bango-number bango-number-static
	LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT number-library
		NAMELINK_COMPONENT number-library
	ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT number-library)
install(FILES ${CMAKE_SOURCE_DIR}/src/number/bango-number.h
	DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT number-library)
install(FILES ${CMAKE_BINARY_DIR}/bango-number.pc
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT number-library)
install(FILES ${CMAKE_SOURCE_DIR}/man/libbango-number.3
	DESTINATION ${CMAKE_INSTALL_MANDIR}/man3 COMPONENT number-library)
