package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestReadSnippets(t *testing.T) {
	got, err := readSnippets(fstest.MapFS{
		"a.go":      {Data: []byte("package a\n\n\t// demo: x\n\n\tif a {\n\t\tb()\n\n\t}\n\t// end\nno()\n// demo: y\ny()\n// end\n")},
		"b.go":      {Data: []byte("\t// demo: x\n\tc()\n\t// end\n")},
		"b_test.go": {Data: []byte("// demo: z\nd()\n// end\n")},
		"web/c.go":  {Data: []byte("// demo: z\nd()\n// end\n")},
	})
	want := snippets{
		"x": {"b.go", "if a {\n\tb()\n\n}\n\nc()\n"},
		"y": {"a.go", "y()\n"},
	}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestReadSnippetsRefuses(t *testing.T) {
	for code, want := range map[string]string{
		"// demo: x\na()\n":                      "a.go: demo x does not end",
		"// end\n":                               "a.go: an end without a demo",
		"// demo: x\n// demo: y\n// end\n// end": "a.go: demo y begins in demo x",
	} {
		_, err := readSnippets(fstest.MapFS{"a.go": {Data: []byte(code)}})
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", code, err, want)
		}
	}
}

func TestSnippetHTML(t *testing.T) {
	for code, want := range map[string]string{
		"a < b && c":        "a &lt; b &amp;&amp; c",
		"return `<\n>` + x": "<span class=\"word\">return</span> <span class=\"text\">`&lt;\n&gt;`</span> + x",
		"f(1, 0.5) // <b>\n": `f(<span class="number">1</span>, <span class="number">0.5</span>) ` +
			"<span class=\"comment\">// &lt;b&gt;</span>\n",
	} {
		if got := string(snippet{"a.go", code}.HTML()); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", code, got, want)
		}
	}
}

func TestPageThatAsksForUnknownCode(t *testing.T) {
	_, err := loadPages(fstest.MapFS{"web/page.html": {Data: []byte(`{{(code "nothing").Code}}`)}})
	if err == nil || !strings.Contains(err.Error(), `no code is marked with "// demo: nothing"`) {
		t.Errorf("got %v, want it to name the demo", err)
	}
}

// TestCodeFits checks that lines are not longer than the page has room for beside a demo.
func TestCodeFits(t *testing.T) {
	const columns, tab = 72, "    "
	code, err := readSnippets(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(code)) {
		for line := range strings.Lines(code[name].Code) {
			width := len([]rune(strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", tab)))
			if width > columns {
				t.Errorf("demo %s has a line of %d columns, %d fit:\n%s", name, width, columns, line)
			}
		}
	}
}
