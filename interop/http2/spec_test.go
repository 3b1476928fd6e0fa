package http2_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// specTests is how many tests h2spec has.
const specTests = 146

// accepted are the tests of h2spec that net/http's HTTP/2 fails, in which this server has no say. A test is named as on
// h2spec's command line: part, section, and number within.
var accepted = map[string]string{
	"http2/4.2/3":     "the frame is not too large: net/http takes frames of up to 1 MiB, and says so in its SETTINGS",
	"http2/6.5.3/1":   "net/http closes connections that set the same twice in a frame, which no client has reason to do",
	"http2/8.1.2.2/1": refused,
	"http2/8.1.2.2/2": refused,
}

const refused = "net/http refuses such a request with status 400, instead of resetting its stream"

// acceptedWithoutTLS are those that fail besides where the port speaks HTTP/1, too.
var acceptedWithoutTLS = map[string]string{
	"http2/3.5/2": "what does not begin with the preface is HTTP/1, and answered with status 400 before the connection is closed",
}

func TestSpec(t *testing.T) {
	if testing.Short() {
		t.Skip("h2spec takes a quarter of a minute")
	}
	dir := t.TempDir()
	h2spec := build(t, dir, "github.com/summerwind/h2spec/cmd/h2spec")
	app := build(t, dir, "github.com/microroute/microroute/internal/contract/app")
	for name, subject := range map[string]struct {
		tls   bool
		begin func(t *testing.T) (addr string)
	}{
		"TLS":                     {true, program(app, "-tls")},
		"event":                   {false, program(app, "-h2c")},
		"portable":                {false, program(app, "-h2c", "-engine", "portable")},
		"net/http alone, TLS":     {true, netHTTP},
		"net/http alone, without": {false, netHTTPWithoutTLS},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			allowed := maps.Clone(accepted)
			args := []string{"-t", "-k"}
			if !subject.tls {
				maps.Copy(allowed, acceptedWithoutTLS)
				args = nil
			}
			results := judge(t, h2spec, subject.begin(t), args...)
			if len(results) != specTests {
				t.Errorf("%d tests ran, want %d", len(results), specTests)
			}
			passed := 0
			for _, test := range slices.Sorted(maps.Keys(results)) {
				switch r := results[test]; {
				case r.problem == "" && allowed[test] != "":
					t.Errorf("%s passes, but is listed: %s", test, allowed[test])
				case r.problem == "":
					passed++
				case allowed[test] == "":
					t.Errorf("%s: %s: %s", test, r.title, r.problem)
				}
			}
			t.Logf("%d of %d tests pass", passed, len(results))
		})
	}
}

// build builds a program, by the versions of this module, and returns its file.
func build(t *testing.T, dir, pkg string) (file string) {
	t.Helper()
	file = filepath.Join(dir, filepath.Base(pkg))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "build", "-o", file, pkg)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v: %s", pkg, err, said)
	}
	return file
}

// result is what h2spec says of one test.
type result struct {
	title   string
	problem string // "" if it has passed
}

// judge has h2spec test the server at an address, and returns the results by the names of the tests.
func judge(t *testing.T, h2spec, addr string, args ...string) map[string]result {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.xml")
	// h2spec also sends malformed content, and what it expects can only come while nobody has answered without it.
	args = append(args, "--strict", "-h", host, "-p", port, "-P", "/any", "-j", file)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	said, err := exec.CommandContext(ctx, h2spec, args...).CombinedOutput()
	if exit := (*exec.ExitError)(nil); ctx.Err() != nil || err != nil && !errors.As(err, &exit) {
		t.Fatalf("h2spec %q: %v: %s", args, err, said)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: h2spec says %s", err, said)
	}
	results, err := parse(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return results
}

// parse reads h2spec's report, in the format of JUnit.
func parse(text []byte) (map[string]result, error) {
	var report struct {
		Suites []struct {
			Package string `xml:"package,attr"` // "http2/8.1.2.2"
			Tests   []struct {
				Title   string  `xml:"classname,attr"`
				Failure *string `xml:"failure"`
				Error   *string `xml:"error"`
				Skipped *string `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &report); err != nil {
		return nil, err
	}
	results := make(map[string]result)
	for _, suite := range report.Suites {
		for i, test := range suite.Tests {
			r := result{title: test.Title}
			for kind, said := range map[string]*string{"failed": test.Failure, "error": test.Error, "skipped": test.Skipped} {
				if said != nil {
					r.problem = fmt.Sprintf("%s: %s", kind, strings.ReplaceAll(strings.TrimSpace(*said), "\n", "; "))
				}
			}
			results[fmt.Sprintf("%s/%d", suite.Package, i+1)] = r
		}
	}
	return results, nil
}
