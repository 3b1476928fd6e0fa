package microroute_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// docs/rfc.md says where each requirement of HTTP is met, and which test or wire case says so.
const (
	rfcTable  = "docs/rfc.md"
	wireCases = "internal/contract/testdata"
)

func TestRequirementsAreTested(t *testing.T) {
	tree := os.DirFS(".")
	text, err := fs.ReadFile(tree, rfcTable)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range untestedRows(t, tree, string(text)) {
		t.Errorf("%s: %s", rfcTable, fault)
	}
}

var (
	// testNames are some tests and the files that have them: `TestA`, `TestB` in [a_test.go](../a_test.go)
	testNames = regexp.MustCompile("((?:`[A-Z]\\w+`(?:, )?)+) in ((?:\\[[^]]+\\]\\([^)]+\\)(?: and )?)+)")
	codeNames = regexp.MustCompile("`(\\w+)`")
	linkPaths = regexp.MustCompile(`\]\(([^)]+)\)`)
	caseNames = regexp.MustCompile("`([a-z-]+/[\\w.-]+)`")
	caseIDs   = regexp.MustCompile(`"id":\s*"([^"]+)"`)
)

// untestedRows lists the rows of the tables in text whose last cell names no test and no wire case, and the tests and
// cases that do not exist.
func untestedRows(t *testing.T, tree fs.FS, text string) (faults []string) {
	t.Helper()
	known := idsOfCases(t, tree)
	rows := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "| ") || strings.Contains(line, "| Test |") || strings.Contains(line, "| Case |") {
			continue
		}
		rows++
		cells := strings.Split(strings.TrimSuffix(strings.TrimSpace(line), " |"), " | ")
		proof := cells[len(cells)-1]
		tests, cases := testNames.FindAllStringSubmatch(proof, -1), caseNames.FindAllStringSubmatch(proof, -1)
		if len(tests)+len(cases) == 0 {
			faults = append(faults, fmt.Sprintf("%q names neither test nor case", line))
		}
		for _, found := range tests {
			faults = append(faults, missingTests(tree, found[1], found[2])...)
		}
		for _, found := range cases {
			if !known[found[1]] {
				faults = append(faults, "there is no wire case "+found[1])
			}
		}
	}
	if rows == 0 {
		faults = append(faults, "no table")
	}
	return faults
}

// missingTests lists the tests that are not in every file they are said to be in.
func missingTests(tree fs.FS, names, links string) (faults []string) {
	for _, link := range linkPaths.FindAllStringSubmatch(links, -1) {
		file := path.Join(path.Dir(rfcTable), link[1])
		code, err := fs.ReadFile(tree, file)
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		for _, name := range codeNames.FindAllStringSubmatch(names, -1) {
			if !strings.Contains(string(code), "\nfunc "+name[1]+"(") {
				faults = append(faults, fmt.Sprintf("%s has no %s", file, name[1]))
			}
		}
	}
	return faults
}

// idsOfCases returns the names of all wire cases.
func idsOfCases(t *testing.T, tree fs.FS) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	files, err := fs.Glob(tree, wireCases+"/*/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files of wire cases, %v", len(files), err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range caseIDs.FindAllSubmatch(text, -1) {
			ids[string(found[1])] = true
		}
	}
	return ids
}

func TestUntestedRowsFinds(t *testing.T) {
	tree := fstest.MapFS{
		"a_test.go":             {Data: []byte("package a\n\nfunc TestA(t *testing.T) {}\n\nfunc FuzzA(f *testing.F) {}\n")},
		"b/b_test.go":           {Data: []byte("package b\n\nfunc TestA(t *testing.T) {}\n")},
		wireCases + "/x/x.json": {Data: []byte(`{"cases":[{"id":"host/missing"},{"id": "chunked/hex-upper"}]}`)},
	}
	const head = "# Title\n\n| RFC | Requirement | Test |\n|---|---|---|\n"
	const file, other = "[a_test.go](../a_test.go)", "[b_test.go](../b/b_test.go)"
	for text, want := range map[string]string{
		"| § 3 | one | `TestA` in " + file + " |":                                "",
		"| § 3 | one | `TestA`, `FuzzA` in " + file + " |":                       "",
		"| § 3 | one | `TestA` in " + file + " and " + other + " |":              "",
		"| § 3 | one | `FuzzA` in " + file + ", `TestA` in " + other + " |":      "",
		"| § 3 | one | `host/missing` |":                                         "",
		"| § 3 | one | `TestA` in " + file + ", `chunked/hex-upper` |":           "",
		"| § 3 | `a \\| b` | `host/missing` |":                                   "",
		"| § 3 | one | |":                                                        "names neither test nor case",
		"| § 3 | one | `TestA` |":                                                "names neither test nor case",
		"| § 3 | `TestA` in " + file + " | none |":                               "names neither test nor case",
		"| § 3 | one | `TestB` in " + file + " |":                                "a_test.go has no TestB",
		"| § 3 | one | `TestA`, `Fuzz` in " + file + " |":                        "a_test.go has no Fuzz",
		"| § 3 | one | `FuzzA` in " + file + " and " + other + " |":              "b/b_test.go has no FuzzA",
		"| § 3 | one | `TestA` in [c_test.go](../c_test.go) |":                   "c_test.go: file does not exist",
		"| § 3 | one | `host/missing`, `host/there` |":                           "no wire case host/there",
		"| § 3 | one | `TestA` in " + file + " |\n| § 4 | two | to be written |": "names neither test nor case",
		"no rows": "no table",
	} {
		t.Run(text, func(t *testing.T) { checkFaults(t, untestedRows(t, tree, head+text+"\n"), want) })
	}
}
