package microroute_test

import (
	"bufio"
	"cmp"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const modulePath = "github.com/microroute/microroute"

// source is the Go code of the core module, for every platform: build constraints are not evaluated.
type source struct {
	fset     *token.FileSet
	packages []sourcePackage // in the order of their folders
}

type sourcePackage struct {
	dir   string // from the module's root, "." for the root itself
	files []*ast.File
	tests []*ast.File // the files that end in _test.go
}

func readCore(t *testing.T) source {
	t.Helper()
	return readTree(t, os.DirFS("."))
}

func readTree(t *testing.T, tree fs.FS) source {
	t.Helper()
	s, err := readSource(tree)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.packages) == 0 {
		t.Fatal("found no package")
	}
	return s
}

// readSource reads the module whose root is the root of tree. It leaves out modules inside it, testdata, what the go
// command does not look at either, and programs that are only there for go generate.
func readSource(tree fs.FS) (source, error) {
	s := source{fset: token.NewFileSet()}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !entry.IsDir():
			return nil
		case name != "." && (isHidden(entry.Name()) || isModule(tree, name)):
			return fs.SkipDir
		}
		pkg, err := s.readPackage(tree, name)
		if len(pkg.files)+len(pkg.tests) > 0 {
			s.packages = append(s.packages, pkg)
		}
		return err
	})
	slices.SortFunc(s.packages, func(a, b sourcePackage) int { return cmp.Compare(a.dir, b.dir) })
	return s, err
}

func (s source) readPackage(tree fs.FS, dir string) (sourcePackage, error) {
	pkg := sourcePackage{dir: dir}
	names, err := fs.Glob(tree, path.Join(dir, "*.go"))
	for _, name := range names {
		text, readErr := fs.ReadFile(tree, name)
		file, parseErr := parser.ParseFile(s.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err = errors.Join(err, readErr, parseErr); err != nil {
			return pkg, err
		}
		switch {
		case isLeftOut(string(text)):
		case strings.HasSuffix(name, "_test.go"):
			pkg.tests = append(pkg.tests, file)
		default:
			pkg.files = append(pkg.files, file)
		}
	}
	return pkg, err
}

func isHidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata"
}

func isModule(tree fs.FS, dir string) bool {
	_, err := fs.Stat(tree, path.Join(dir, "go.mod"))
	return err == nil
}

func isLeftOut(text string) bool {
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		switch line := lines.Text(); {
		case line == "//go:build ignore":
			return true
		case strings.HasPrefix(line, "package "):
			return false
		}
	}
	return false
}

// importPath returns the path under which others import the package.
func (p sourcePackage) importPath() string { return path.Join(modulePath, p.dir) }

// isPublic reports whether a program of somebody else can import the package.
func (p sourcePackage) isPublic() bool {
	return len(p.files) > 0 && p.files[0].Name.Name != "main" && !slices.Contains(strings.Split(p.dir, "/"), "internal")
}

// matches reports whether name is one of the patterns, which are separated by white space. As in the go command,
// x/... stands for x and everything below it.
func matches(patterns, name string) bool {
	for pattern := range strings.FieldsSeq(patterns) {
		above, all := strings.CutSuffix(pattern, "/...")
		if name == above || all && strings.HasPrefix(name, above+"/") {
			return true
		}
	}
	return false
}

func TestSourceLeavesOut(t *testing.T) {
	s := readTree(t, fstest.MapFS{
		"a/a.go":           {Data: []byte("package a")},
		"a/a_windows.go":   {Data: []byte("package a")},
		"a/a_test.go":      {Data: []byte("package a_test")},
		"a/table.go":       {Data: []byte("//go:build ignore\n\npackage main")},
		"a/testdata/x.go":  {Data: []byte("package x")},
		".git/x.go":        {Data: []byte("package x")},
		"contrib/x/go.mod": {Data: []byte("module x")},
		"contrib/x/x.go":   {Data: []byte("package x")},
	})
	if len(s.packages) != 1 || len(s.packages[0].files) != 2 || len(s.packages[0].tests) != 1 {
		t.Errorf("read %+v, want a/a.go, a/a_windows.go and a/a_test.go only", s.packages)
	}
}
