package microroute_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestPackagesAreDocumented(t *testing.T) {
	for _, fault := range undocumentedPackages(readCore(t)) {
		t.Error(fault)
	}
}

func TestNamesAreDocumented(t *testing.T) {
	s := readCore(t)
	for _, pkg := range s.packages {
		if pkg.isPublic() {
			for _, fault := range undocumentedNames(s, pkg) {
				t.Error(fault)
			}
		}
	}
}

// undocumentedPackages lists the packages, programs too, without a package comment.
func undocumentedPackages(s source) (faults []string) {
	for _, pkg := range s.packages {
		hasComment := func(file *ast.File) bool { return file.Doc.Text() != "" }
		if len(pkg.files) > 0 && !slices.ContainsFunc(pkg.files, hasComment) {
			faults = append(faults, fmt.Sprintf("package %s has no package comment", pkg.dir))
		}
	}
	return faults
}

// undocumentedNames lists the exported names of pkg that lack a doc comment, or whose comment does not begin with the
// name.
func undocumentedNames(s source, pkg sourcePackage) (faults []string) {
	for _, file := range pkg.files {
		for _, decl := range file.Decls {
			for _, name := range exportedNames(decl) {
				if fault := name.fault(); fault != "" {
					faults = append(faults, fmt.Sprintf("%s: %s %s", s.fset.Position(name.Pos()), name.Name, fault))
				}
			}
		}
	}
	return faults
}

// exportedName is a name that a package exports. Its comment may be that of its group.
type exportedName struct {
	*ast.Ident
	receiver string // the type, if it is a method
	isValue  bool   // a constant or a variable
	comment  string
}

// exportedNames returns what a declaration exports, but for methods of types that are not exported, and for fields.
func exportedNames(decl ast.Decl) (names []exportedName) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		names = append(names, exportedName{decl.Name, receiver(decl), false, decl.Doc.Text()})
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				comment := cmp.Or(spec.Doc.Text(), decl.Doc.Text())
				names = append(names, exportedName{spec.Name, "", false, comment})
			case *ast.ValueSpec:
				comment := cmp.Or(spec.Doc.Text(), spec.Comment.Text(), decl.Doc.Text())
				for _, name := range spec.Names {
					names = append(names, exportedName{name, "", true, comment})
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(name exportedName) bool {
		return !name.IsExported() || name.receiver != "" && !ast.IsExported(name.receiver)
	})
}

// receiver returns the name of the type that a method belongs to, "" for a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	typ := f.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// fault says what is wrong with the name's comment, "" if nothing is. Error and Unwrap may do without one: package
// errors says what they are for. That of constants and variables may begin as it likes.
func (n exportedName) fault() string {
	switch {
	case n.comment == "" && n.receiver != "" && matches("Error Unwrap", n.Name):
		return ""
	case n.comment == "":
		return "has no doc comment"
	case !n.isValue && !beginsWith(n.comment, n.Name):
		return fmt.Sprintf("has a doc comment that does not begin with %q", n.Name)
	}
	return ""
}

// beginsWith reports whether a doc comment begins with a name, perhaps after an article.
func beginsWith(comment, name string) bool {
	words := strings.Fields(comment)
	if matches("A An The", words[0]) {
		words = words[1:]
	}
	return len(words) > 0 && strings.TrimRight(words[0], ".,:;") == name
}

func TestUndocumentedPackagesFinds(t *testing.T) {
	for text, want := range map[string]string{
		"// Package a does it.\npackage a": "",
		"// Far away.\n\npackage a":        "package a has no package comment",
		"//go:build linux\n\npackage a":    "package a has no package comment",
		"package main":                     "package a has no package comment",
	} {
		t.Run(text, func(t *testing.T) {
			s := readTree(t, fstest.MapFS{"a/a.go": {Data: []byte(text)}})
			checkFaults(t, undocumentedPackages(s), want)
		})
	}
}

func TestUndocumentedNamesFinds(t *testing.T) {
	const typed = "// T is one.\ntype T struct{}\n"
	for text, want := range map[string]string{
		"func f() {}":                                      "",
		"// F does it.\nfunc F() {}":                       "",
		"// The T is one.\ntype T int":                     "",
		"func F() {}":                                      "F has no doc comment",
		"// Does it.\nfunc F() {}":                         `F has a doc comment that does not begin with "F"`,
		"// Far does it.\nfunc F() {}":                     `F has a doc comment that does not begin with "F"`,
		"// F does it.\n\nfunc F() {}":                     "F has no doc comment",
		"//go:noinline\nfunc F() {}":                       "F has no doc comment",
		"type T int":                                       "T has no doc comment",
		"type T = int":                                     "T has no doc comment",
		typed + "func (T) M() {}":                          "M has no doc comment",
		typed + "func (*T) M() {}":                         "M has no doc comment",
		typed + "func (T) Error() string { panic(0) }":     "",
		typed + "func Error() {}":                          "Error has no doc comment",
		typed + "// M does it.\nfunc (T) M() {}":           "",
		typed + "func (T) m() {}":                          "",
		typed + "func New() T { panic(0) }":                "New has no doc comment",
		typed + "const C T = 1":                            "C has no doc comment",
		"type t int\nfunc (t) M() {}":                      "",
		"// T is one.\ntype T[V any] int\nfunc (T[V]) M()": "M has no doc comment",
		"const C = 1":                                      "C has no doc comment",
		"const C = 1 // the first":                         "",
		"// Limits.\nconst (\n C = 1\n D = 2\n)":           "",
		"const (\n // C is it.\n C = 1\n D = 2\n)":         "D has no doc comment",
		"var V, w int":                                     "V has no doc comment",
		"var v int":                                        "",
	} {
		t.Run(text, func(t *testing.T) {
			s := readTree(t, fstest.MapFS{"a/a.go": {Data: []byte("package a\n\n" + text)}})
			checkFaults(t, undocumentedNames(s, s.packages[0]), want)
		})
	}
}
