package listing_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"html"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/internal/listing"
)

var update = flag.Bool("update", false, "write the files in testdata anew")

var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// photos is a directory with something of every kind.
func photos() listing.Directory {
	return listing.Directory{Path: "/photos/2026/", Entries: []listing.Entry{
		{Name: "scan 10.png", Size: 1_482_130, ModTime: noon.AddDate(-1, 0, 0)},
		{Name: "Scan 2.png", Size: 48_213, ModTime: noon},
		{Name: "may", IsDir: true, Size: 4096, ModTime: noon.Add(-time.Hour)},
		{Name: "April", IsDir: true, ModTime: noon},
		{Name: `<b> & "c" 'd'.txt`, Size: 5},
		{Name: "100% #1?.txt", Size: 999_500, ModTime: noon.In(time.FixedZone("", 3600))},
	}}
}

func TestGolden(t *testing.T) {
	for file, render := range map[string]func(*bytes.Buffer) error{
		"photos.html": func(b *bytes.Buffer) error { return listing.Page(b, photos()) },
		"photos.json": func(b *bytes.Buffer) error { return listing.JSON(b, photos()) },
		"empty.html":  func(b *bytes.Buffer) error { return listing.Page(b, listing.Directory{Path: "/"}) },
		"empty.json":  func(b *bytes.Buffer) error { return listing.JSON(b, listing.Directory{Path: "/"}) },
	} {
		var got bytes.Buffer
		if err := render(&got); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if *update {
			if err := os.WriteFile("testdata/"+file, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s: got\n%s\nwant\n%s\nif that is right: go test -update", file, &got, want)
		}
	}
}

func TestPolicyAllowsTheStyle(t *testing.T) {
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(page(t, photos()))[1]
	hash := sha256.Sum256([]byte(style))
	if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"; !strings.Contains(listing.Policy, want) {
		t.Errorf("Policy is %s, want %s in it", listing.Policy, want)
	}
	if inline := regexp.MustCompile(`<script|<[^>]* (style|on[a-z]+)=`).FindString(page(t, photos())); inline != "" {
		t.Errorf("the page has %q, which the policy forbids", inline)
	}
}

func TestOrder(t *testing.T) {
	for _, tt := range []struct {
		sort, order string
		want        string // the first letters of the names
	}{
		{"", "", "A m 1 < S s"},
		{"name", "asc", "A m 1 < S s"},
		{"name", "desc", "m A s S < 1"},
		{"size", "asc", "A m < S 1 s"},
		{"size", "desc", "A m s 1 S <"},
		{"time", "asc", "m A < s 1 S"},
		{"time", "desc", "A m 1 S s <"},
		{"Size", "DESC", "A m 1 < S s"},
		{"mtime", "desc", "m A s S < 1"},
	} {
		d := photos()
		d.Order = listing.ParseOrder(tt.sort, tt.order)
		var got []string
		for _, name := range names(page(t, d)) {
			got = append(got, name[:1])
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("sort=%s&order=%s: got %q, want %q", tt.sort, tt.order, got, tt.want)
		}
	}
}

func TestNamesAreSortedAsPeopleDo(t *testing.T) {
	want := []string{"0", "00", "01", "1", "2", "10", "99999999999999999999", "100000000000000000000", "A", "a", "a 1", "a1", "A2b",
		"a2b3", "a10", "aa", "B", "b", "ß"}
	for turn := range want {
		d := listing.Directory{Path: "/"}
		for _, name := range slices.Backward(slices.Concat(want[turn:], want[:turn])) {
			d.Entries = append(d.Entries, listing.Entry{Name: name})
		}
		if got := names(page(t, d)); !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

// The column that sorts turns round; another begins with what people look for first.
func TestHeadings(t *testing.T) {
	for _, tt := range []struct {
		order listing.Order
		want  string
	}{
		{listing.Order{}, `<th scope="col" aria-sort="ascending"><a href="?sort=name&order=desc">Name` +
			`<th scope="col"><a href="?sort=size&order=desc">Size<th scope="col"><a href="?sort=time&order=desc">Modified (UTC)`},
		{listing.Order{By: listing.BySize, Descending: true}, `<th scope="col"><a href="?sort=name&order=asc">Name` +
			`<th scope="col" aria-sort="descending"><a href="?sort=size&order=asc">Size<th scope="col"><a href="?sort=time&order=desc">Modified (UTC)`},
	} {
		d := photos()
		d.Order = tt.order
		text := page(t, d)
		start, end := strings.Index(text, "<th "), strings.Index(text, "</tr></thead>")
		got := html.UnescapeString(strings.ReplaceAll(text[start:end], "</a></th>", ""))
		if got != tt.want {
			t.Errorf("%+v: got\n%s\nwant\n%s", tt.order, got, tt.want)
		}
	}
}

func TestCrumbs(t *testing.T) {
	for _, tt := range []struct{ path, root, want string }{
		{"/", "", "[home]"},
		{"/a/", "", "../ home [a]"},
		{"/a/b c/", "/", "../../ home ../ a [b c]"},
		{"/files/", "/files/", "[home]"},
		{"/files/a/b/", "/files/", "../../ home ../ a [b]"},
		{"/<i>/\u202e/", "/", "../../ home ../ <i> [\uFFFD]"},
	} {
		text := page(t, listing.Directory{Path: tt.path, Root: tt.root})
		nav := text[strings.Index(text, "<nav"):strings.Index(text, "</nav>")]
		if got := crumbs(nav); got != tt.want {
			t.Errorf("path %q, root %q: got %q, want %q", tt.path, tt.root, got, tt.want)
		}
		if up := strings.Contains(text, `<td><a href="../"`); up != strings.Contains(tt.want, "../") {
			t.Errorf("path %q, root %q: a row for the parent: %t", tt.path, tt.root, up)
		}
	}
}

// crumbs returns the links of a nav with their texts, the last text in brackets.
func crumbs(nav string) string {
	var words []string
	for _, found := range regexp.MustCompile(`<a href="([^"]*)"[^>]*>(.*?)</a>|<b[^>]*>(.*?)</b>`).FindAllStringSubmatch(nav, -1) {
		name := "home"
		if !strings.Contains(found[0], "#home") {
			name = html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(found[2]+found[3], ""))
		}
		if found[1] == "" {
			name = "[" + name + "]"
		} else {
			name = found[1] + " " + name
		}
		words = append(words, name)
	}
	return strings.Join(words, " ")
}

func TestSizes(t *testing.T) {
	for size, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 1234: "1.2 kB", 9949: "9.9 kB", 9951: "10 kB", 999_499: "999 kB", 999_500: "1.0 MB",
		4_700_000_000: "4.7 GB", 1<<63 - 1: "9.2 EB",
	} {
		text := page(t, listing.Directory{Path: "/", Entries: []listing.Entry{{Name: "a", Size: size}}})
		if !strings.Contains(text, ` bytes">`+want+"</td>") {
			t.Errorf("%d octets: want %q in\n%s", size, want, text)
		}
	}
}

func TestWriterFails(t *testing.T) {
	many := listing.Directory{Path: "/", Entries: make([]listing.Entry, 10_000)}
	for name, render := range map[string]func() error{
		"Page": func() error { return listing.Page(full{}, many) },
		"JSON": func() error { return listing.JSON(full{}, many) },
	} {
		if err := render(); !errors.Is(err, errFull) {
			t.Errorf("%s: got error %v, want %v", name, err, errFull)
		}
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// Whatever the name, the page has the same elements, it shows on one line and turns nothing round, and the links of page
// and document lead to it.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"a", `"><script>`, "a:b", "//x", "%2e%2e", "\u202egpj.exe", "\n\r\x00\x1b[2J", "\xff", "é &amp; ü",
		"?a#b", "'", "\u2028", "\u0085"} {
		f.Add(name, true)
		f.Add(name, false)
	}
	f.Fuzz(func(t *testing.T, name string, isDir bool) {
		if name == "" || name == "." || name == ".." || strings.Contains(name, "/") {
			return // no names of entries
		}
		d := listing.Directory{Path: "/x/", Entries: []listing.Entry{{Name: name, IsDir: isDir}}}
		text := page(t, d)
		d.Entries[0].Name = "plain"
		if got, want := elements(text), elements(page(t, d)); got != want {
			t.Fatalf("name %q: the page has other elements: %s", name, got)
		}
		shown := names(text)[0]
		if strings.ContainsAny(shown, "\n\r\x00\x1b\u0085\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
			t.Errorf("name %q is shown as %q", name, shown)
		}
		want := "/x/" + name
		if isDir {
			want += "/"
		}
		links := regexp.MustCompile(`<tr><td><a href="([^"]*)"><svg`).FindAllStringSubmatch(text, -1)
		if got := resolve(t, html.UnescapeString(links[0][1])); got != want {
			t.Errorf("name %q: the page links to %q", name, got)
		}
		d.Entries[0].Name = name
		if got := resolve(t, firstURL(t, d)); got != want {
			t.Errorf("name %q: the document links to %q", name, got)
		}
	})
}

// resolve returns the decoded path to which a reference leads from the directory /x/.
func resolve(t *testing.T, reference string) string {
	t.Helper()
	base, _ := url.Parse("http://example.test/x/")
	u, err := base.Parse(reference)
	if err != nil {
		t.Fatalf("link %q: %v", reference, err)
	}
	if u.Host != base.Host || u.RawQuery != "" || u.Fragment != "" {
		t.Errorf("link %q leads to %s", reference, u)
	}
	return u.Path
}

func firstURL(t *testing.T, d listing.Directory) string {
	t.Helper()
	var text bytes.Buffer
	if err := listing.JSON(&text, d); err != nil {
		t.Fatal(err)
	}
	var doc struct{ Entries []struct{ URL string } }
	if err := json.Unmarshal(text.Bytes(), &doc); err != nil {
		t.Fatalf("%v in %s", err, &text)
	}
	return doc.Entries[0].URL
}

func page(t *testing.T, d listing.Directory) string {
	t.Helper()
	var text strings.Builder
	if err := listing.Page(&text, d); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// elements returns the tags of a page with the names of their attributes.
func elements(page string) string {
	tags := regexp.MustCompile(`<[^>]*>`).FindAllString(page, -1)
	return regexp.MustCompile(`"[^"]*"`).ReplaceAllString(strings.Join(tags, ""), `""`)
}

// names returns the entries that a page shows, in their order.
func names(page string) (shown []string) {
	_, body, _ := strings.Cut(page, "<tbody>")
	for _, found := range regexp.MustCompile(`(?s)<bdi>(.*?)</bdi>`).FindAllStringSubmatch(body, -1) {
		shown = append(shown, html.UnescapeString(found[1]))
	}
	return shown
}
