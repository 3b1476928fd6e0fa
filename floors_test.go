package microroute_test

import (
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house says on which floor each package of the core lives. A package imports only what lives below it, so that each
// can be read, tested and replaced without those above.
type house []struct {
	floor    int
	packages string
}

var coreHouse = house{
	{7, "internal/contract/app"},
	{6, "cmd/... examples/... internal/contract/site internal/contract/routecases internal/faults internal/signatures"},
	{5, "microroutetest https restart session/storetest internal/contract internal/contract/httpcases"},
	{4, "middleware/... sse views nethttp proxyprotocol systemd"},
	{3, "."},
	{2, "engine"},
	{1, "internal/http1 internal/files internal/listing internal/multipart cookie session listener"},
	{0, "message router internal/diff internal/entities internal/prefixes"},
	{-1, "internal/ascii"},
}

// ban keeps standard packages out of some of ours. It also holds for what they import in turn.
type ban struct {
	from     func(dir string) bool
	packages string
	why      string
}

var coreBans = []ban{
	{
		from: func(dir string) bool {
			return matches("message router cookie internal/http1 internal/multipart internal/ascii", dir)
		},
		packages: "net/... fmt regexp/... reflect encoding/json",
		why:      "it turns octets into octets, small enough for TinyGo",
	},
	{
		from: func(dir string) bool {
			floor, known := coreHouse.floorOf(dir)
			return known && floor <= 3
		},
		packages: "net/http/... crypto/tls html/template text/template",
		why:      "it would double the size of every program",
	},
	{
		from: func(dir string) bool {
			floor, known := coreHouse.floorOf(dir)
			return known && floor <= 3
		},
		packages: "html",
		why:      "its table of entities would be 68 KB of every program",
	},
}

func TestImportsGoDown(t *testing.T) {
	for _, fault := range upwardImports(readCore(t), coreHouse) {
		t.Error(fault)
	}
}

func TestBannedImports(t *testing.T) {
	for _, fault := range bannedImports(readCore(t), coreBans) {
		t.Error(fault)
	}
}

func TestCoreRequiresNothing(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range moreThanModule(string(text)) {
		t.Error(fault)
	}
}

func (h house) floorOf(dir string) (floor int, known bool) {
	for _, storey := range h {
		if matches(storey.packages, dir) {
			return storey.floor, true
		}
	}
	return 0, false
}

// upwardImports lists the imports that do not go down, and the packages that live on no floor. Tests may import what
// they like.
func upwardImports(s source, h house) (faults []string) {
	for _, pkg := range s.packages {
		floor, known := h.floorOf(pkg.dir)
		if !known {
			faults = append(faults, fmt.Sprintf("%s lives on no floor: add it to the table in floors_test.go", pkg.dir))
			continue
		}
		for imported, where := range s.imports(pkg) {
			below, ours := dirOf(imported)
			if !ours {
				continue
			}
			if under, known := h.floorOf(below); known && under >= floor {
				faults = append(faults, fmt.Sprintf("%s: %s (floor %d) imports %s (floor %d), but imports only go down",
					where, pkg.dir, floor, below, under))
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// bannedImports lists the packages that import a banned one, directly or not, each with the way to it.
func bannedImports(s source, bans []ban) (faults []string) {
	imports := s.importGraph()
	for _, pkg := range s.packages {
		if len(pkg.files) == 0 {
			continue
		}
		for _, ban := range bans {
			if !ban.from(pkg.dir) {
				continue
			}
			if way := wayTo(ban.packages, pkg.importPath(), imports); way != nil {
				faults = append(faults, fmt.Sprintf("%s must not import %s (%s), but: %s",
					pkg.dir, way[len(way)-1], ban.why, strings.Join(way, " → ")))
			}
		}
	}
	return faults
}

// wayTo returns the shortest chain of imports that leads from a package to one that matches banned, nil if none does.
func wayTo(banned, from string, imports func(string) []string) []string {
	seen := map[string]bool{from: true}
	for ways := [][]string{{from}}; len(ways) > 0; ways = ways[1:] {
		way := ways[0]
		last := way[len(way)-1]
		if matches(banned, last) {
			return way
		}
		for _, next := range imports(last) {
			if !seen[next] {
				seen[next] = true
				ways = append(ways, append(slices.Clip(way), next))
			}
		}
	}
	return nil
}

// imports returns what the files of pkg import, tests excluded, and where.
func (s source) imports(pkg sourcePackage) map[string]string {
	where := map[string]string{}
	for _, file := range pkg.files {
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			where[name] = s.fset.Position(spec.Pos()).String()
		}
	}
	return where
}

// importGraph returns a function that gives the imports of a package of this module or of the standard library, the
// latter as on the platform where the test runs.
func (s source) importGraph() func(string) []string {
	known := map[string][]string{"C": nil, "unsafe": nil}
	for _, pkg := range s.packages {
		for imported := range s.imports(pkg) {
			known[pkg.importPath()] = append(known[pkg.importPath()], imported)
		}
		slices.Sort(known[pkg.importPath()])
	}
	return func(name string) []string {
		imported, ok := known[name]
		if !ok {
			imported = standardImports(name)
			known[name] = imported
		}
		return imported
	}
}

// standardImports returns what a package of the standard library imports, nothing if there is no such package.
func standardImports(name string) []string {
	for _, root := range []string{"src", "src/vendor"} {
		pkg, err := build.ImportDir(filepath.Join(build.Default.GOROOT, root, name), 0)
		if err == nil {
			return pkg.Imports
		}
	}
	return nil
}

// dirOf returns the folder of an imported package, if it belongs to this module.
func dirOf(imported string) (dir string, ours bool) {
	if imported == modulePath {
		return ".", true
	}
	return strings.CutPrefix(imported, modulePath+"/")
}

// moreThanModule lists the lines of a go.mod that are neither its module nor its Go version.
func moreThanModule(gomod string) (faults []string) {
	for line := range strings.Lines(gomod) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		if len(words) > 0 && words[0] != "module" && words[0] != "go" {
			faults = append(faults, fmt.Sprintf("go.mod says %q, but the core requires nothing", strings.TrimSpace(line)))
		}
	}
	return faults
}
