package microroute_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The tests in this file see each check of floors_test.go fail.

func TestUpwardImportsFinds(t *testing.T) {
	h := house{{2, "."}, {1, "wire"}, {0, "text/... words"}}
	tests := []struct {
		name, dir, imports string
		want               string // part of the only fault, "" if there is none
	}{
		{"down", "wire", "words", ""},
		{"down two floors", ".", "text/part", ""},
		{"standard library", "words", "strings", ""},
		{"up", "words", "wire", "words (floor 0) imports wire (floor 1)"},
		{"up to the root", "wire", ".", "wire (floor 1) imports . (floor 2)"},
		{"same floor", "words", "text", "words (floor 0) imports text (floor 0)"},
		{"within a pattern", "text/part", "text", "text/part (floor 0) imports text (floor 0)"},
		{"unknown package", "wire/tap", "words", "wire/tap lives on no floor"},
		{"name that only begins alike", "textual", "strings", "textual lives on no floor"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := readTree(t, moduleOf(map[string][]string{test.dir: {test.imports}}))
			checkFaults(t, upwardImports(s, h), test.want)
		})
	}
}

func TestUpwardImportsSaysWhere(t *testing.T) {
	s := readTree(t, moduleOf(map[string][]string{"words": {"wire"}}))
	faults := upwardImports(s, house{{1, "wire"}, {0, "words"}})
	if len(faults) != 1 || !strings.HasPrefix(faults[0], "words/file.go:3:8: ") {
		t.Errorf("got %q, want one fault at words/file.go:3:8", faults)
	}
}

func TestBannedImportsFinds(t *testing.T) {
	bans := []ban{{func(dir string) bool { return matches("wire words/...", dir) }, "net/... reflect", "of a reason"}}
	tests := []struct {
		name    string
		modules map[string][]string
		want    string
	}{
		{"allowed", map[string][]string{"wire": {"strings", "time", "sync"}}, ""},
		{"free to import it", map[string][]string{"tool": {"reflect"}}, ""},
		{"directly", map[string][]string{"wire": {"reflect"}}, "wire must not import reflect (of a reason)"},
		{"below a pattern", map[string][]string{"wire": {"net/netip"}}, "wire must not import net/netip"},
		{"from below a pattern", map[string][]string{"words/part": {"net"}}, "words/part must not import net"},
		{"through the standard library", map[string][]string{"wire": {"encoding/hex"}},
			"/wire → encoding/hex → fmt → reflect"},
		{"through a package of ours", map[string][]string{"wire": {"tool"}, "tool": {"reflect"}},
			"/wire → " + modulePath + "/tool → reflect"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkFaults(t, bannedImports(readTree(t, moduleOf(test.modules)), bans), test.want)
		})
	}
}

// The graph of the standard library must reach what the bans name, or they would hold for nothing.
func TestImportGraphReaches(t *testing.T) {
	imports := readCore(t).importGraph()
	for _, name := range []string{"net/http", "crypto/tls", "html/template", "regexp", "fmt", "encoding/json"} {
		if len(imports(name)) == 0 {
			t.Errorf("found no imports of %s", name)
		}
	}
	if way := wayTo("crypto/tls", "net/http", imports); way == nil {
		t.Error("found no way from net/http to crypto/tls")
	}
}

func TestMoreThanModuleFinds(t *testing.T) {
	const head = "module m // the core\n\ngo 1.26\n"
	for text, want := range map[string]string{
		head:                                    "",
		head + "\n// require nothing\n":         "",
		head + "require example.com/x v1.0.0\n": `go.mod says "require example.com/x v1.0.0"`,
		head + "tool example.com/x\n":           `go.mod says "tool example.com/x"`,
		head + "replace m => ../m\n":            `go.mod says "replace m => ../m"`,
	} {
		t.Run(text, func(t *testing.T) { checkFaults(t, moreThanModule(text), want) })
	}
}

// moduleOf builds a module in which each folder holds one file that imports the given packages: folders of this
// module, or packages of the standard library.
func moduleOf(packages map[string][]string) fstest.MapFS {
	tree := fstest.MapFS{}
	ours := []string{".", "wire", "words", "text", "text/part", "tool"}
	for dir, imports := range packages {
		text := "package p\n"
		for _, name := range imports {
			if slices.Contains(ours, name) {
				name = sourcePackage{dir: name}.importPath()
			}
			text += fmt.Sprintf("\nimport %q", name)
		}
		tree[path.Join(dir, "file.go")] = &fstest.MapFile{Data: []byte(text)}
	}
	return tree
}

// checkFaults reports what a check found, unless it is one fault that contains want, or none where want is "".
func checkFaults(t *testing.T, faults []string, want string) {
	t.Helper()
	switch {
	case want == "" && len(faults) == 0:
	case want != "" && len(faults) == 1 && strings.Contains(faults[0], want):
	default:
		t.Errorf("got faults %q, want %q", faults, want)
	}
}
