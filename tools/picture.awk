# Turns the text of a terminal into an SVG picture, for the README.
#   bango demo --once 2>/dev/null | awk -f tools/picture.awk > docs/demo.svg
function escape(s) {
	gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
	return s
}
{ line[NR] = escape($0) }
END {
	height = NR * 18 + 24
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1120\" height=\"%d\" viewBox=\"0 0 1120 %d\">\n", height, height
	printf "<rect width=\"1120\" height=\"%d\" rx=\"8\" fill=\"#16181d\"/>\n", height
	print "<g font-family=\"'DejaVu Sans Mono','Noto Sans Mono CJK JP',monospace\" font-size=\"13\" xml:space=\"preserve\">"
	for (i = 1; i <= NR; i++) {
		colour = "#c9d1d9"
		if (line[i] ~ /^[0-9]+\. /) colour = "#7ee787"
		else if (line[i] ~ /not seen/) colour = "#ffa657"
		else if (line[i] ~ /→/) colour = "#a5d6ff"
		printf "<text x=\"14\" y=\"%d\" fill=\"%s\">%s</text>\n", i * 18 + 8, colour, line[i]
	}
	print "</g>\n</svg>"
}
