package microroute_test

import (
	"fmt"
	"go/doc"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// exampleless gives the reason why a name of package microroute needs no example of its own. "T.*" stands for all
// methods of a type, "*.M" for the method M of all types.
var exampleless = map[string]string{
	"*.Error":  "package errors and fmt call it; the example of the type prints it",
	"*.Unwrap": "errors.Is and errors.As call it; the example of the type uses one of them",
}

func TestNamesHaveExamples(t *testing.T) {
	s := readCore(t)
	root := slices.IndexFunc(s.packages, func(p sourcePackage) bool { return p.dir == "." && len(p.files) > 0 })
	if root < 0 {
		t.Fatal("found no package in the module's root")
	}
	missing, unneeded := withoutExample(s.documentation(s.packages[root]), exampleless)
	if len(missing) > 0 {
		t.Errorf("%d names have no example whose output is checked:\n\t%s", len(missing), strings.Join(missing, "\n\t"))
	}
	for _, name := range unneeded {
		t.Errorf("%s is an exception from nothing: remove it from the table in examples_test.go", name)
	}
}

// withoutExample lists the functions, types and methods of a package that have no example with an output to compare,
// each with the name that its example would have, and the exceptions that excuse nothing.
func withoutExample(d *doc.Package, exceptions map[string]string) (missing, unneeded []string) {
	used := map[string]bool{}
	need := func(typ, name string, examples []*doc.Example) {
		if slices.ContainsFunc(examples, hasOutput) {
			return
		}
		full := name
		excuses := []string{name}
		if typ != "" {
			full = typ + "." + name
			excuses = []string{full, typ + ".*", "*." + name}
		}
		for _, exception := range excuses {
			if exceptions[exception] != "" {
				used[exception] = true
				return
			}
		}
		missing = append(missing, fmt.Sprintf("%s: Example%s", full, strings.ReplaceAll(full, ".", "_")))
	}
	for _, f := range d.Funcs {
		need("", f.Name, f.Examples)
	}
	for _, typ := range d.Types {
		need("", typ.Name, typ.Examples)
		for _, f := range typ.Funcs {
			need("", f.Name, f.Examples)
		}
		for _, f := range typ.Methods {
			need(typ.Name, f.Name, f.Examples)
		}
	}
	for exception := range exceptions {
		if !used[exception] {
			unneeded = append(unneeded, exception)
		}
	}
	slices.Sort(missing)
	return missing, unneeded
}

// documentation returns what go doc shows of a package, with its examples.
func (s source) documentation(pkg sourcePackage) *doc.Package {
	d, err := doc.NewFromFiles(s.fset, slices.Concat(pkg.files, pkg.tests), pkg.importPath(), doc.PreserveAST)
	if err != nil {
		panic(err) // says only that the call is wrong
	}
	return d
}

// hasOutput reports whether go test runs the example and compares what it prints with some text.
func hasOutput(e *doc.Example) bool { return e.Output != "" }

func TestWithoutExampleFinds(t *testing.T) {
	const code = `package a

type T struct{}

func New() T          { return T{} }
func (T) Get()        {}
func (T) Unwrap()     {}
func (T) unexported() {}
func Func()           {}
`
	exceptions := map[string]string{"*.Unwrap": "of a reason", "*.Func": "that is for methods only"}
	tests := []struct{ name, examples, silent, want string }{
		{"all there", "T New T_Get Func", "", ""},
		{"with a suffix", "T_small New_small T_Get_small Func_small", "", ""},
		{"a second one without output", "T New T_Get Func", "T_small", ""},
		{"none", "", "", "Func New T.Get T"},
		{"method does not speak for its type", "New T_Get Func", "", "T"},
		{"type does not speak for its methods", "T New Func", "", "T.Get"},
		{"nothing printed", "T New", "T_Get Func", "Func T.Get"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := "package a_test\n"
			for name := range strings.FieldsSeq(test.examples) {
				text += "\nfunc Example" + name + "() {\n\tprintln(1)\n\t// Output: 1\n}\n"
			}
			for name := range strings.FieldsSeq(test.silent) {
				text += "\nfunc Example" + name + "() {\n\t// Output:\n}\n"
			}
			s := readTree(t, fstest.MapFS{
				"a/a.go":            {Data: []byte(code)},
				"a/example_test.go": {Data: []byte(text)},
			})
			missing, unneeded := withoutExample(s.documentation(s.packages[0]), exceptions)
			var want []string
			for name := range strings.FieldsSeq(test.want) {
				want = append(want, name+": Example"+strings.ReplaceAll(name, ".", "_"))
			}
			if !slices.Equal(missing, want) || !slices.Equal(unneeded, []string{"*.Func"}) {
				t.Errorf("got missing %q and unneeded exceptions %q, want missing %q and unneeded *.Func",
					missing, unneeded, want)
			}
		})
	}
}
