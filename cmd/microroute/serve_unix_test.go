//go:build unix

package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/internal/listing"
)

// largeSize is the octets of large.bin: more than the buffers of both ends of a connection hold.
const largeSize = 64 << 20

// site makes a directory with files to serve.
func site(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.txt":          "tea\n",
		"empty.txt":      "",
		"long.txt":       strings.Repeat("a cup of tea\n", 1000),
		"picture.png":    strings.Repeat("a cup of tea\n", 1000),
		"page/index.htm": "<h1>Tea</h1>",
		"list/b c.txt":   "b",
		".secret":        "s",
		"packed.css":     css(),
		"packed.css.gz":  zip(t, css()),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-time.Hour) // long enough for a strong ETag
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
	}
	large := filepath.Join(dir, "large.bin")
	if err := os.WriteFile(large, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, largeSize); err != nil {
		t.Fatal(err)
	}
	return dir
}

// client takes every certificate, and answers as they are sent.
var client = &http.Client{
	Transport: &http.Transport{
		DisableCompression: true,
		DisableKeepAlives:  true,
		TLSClientConfig:    &tls.Config{InsecureSkipVerify: true},
	},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Timeout:       patience,
}

type answer struct {
	status int
	header http.Header
	body   string
	tls    *tls.ConnectionState
}

func get(t *testing.T, url string, fields ...string) answer {
	t.Helper()
	return do(t, http.MethodGet, url, fields...)
}

// do sends a request with fields, names and values in turn.
func do(t *testing.T, method, url string, fields ...string) answer {
	t.Helper()
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(fields); i += 2 {
		request.Header.Set(fields[i], fields[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return answer{response.StatusCode, response.Header, string(body), response.TLS}
}

// awaitRefusal waits until nobody is let in any more.
func awaitRefusal(t *testing.T, url string) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		response, err := client.Get(url)
		if err != nil {
			return
		}
		response.Body.Close()
	}
	t.Fatalf("%s still answers", url)
}

func TestListing(t *testing.T) {
	dir := site(t)
	p := start(t, dir)
	page := get(t, p.url, "Accept", "text/html")
	if page.status != 200 || page.header.Get("Content-Type") != "text/html; charset=utf-8" ||
		page.header.Get("Content-Security-Policy") != listing.Policy || page.header.Get("Vary") != "Accept" {
		t.Errorf("a page: got %d %v", page.status, page.header)
	}
	if strings.Contains(page.body, ".secret") || !strings.Contains(page.body, `href="./list/"`) {
		t.Errorf("a page: got %s", page.body)
	}
	for _, tt := range []struct{ query, want string }{
		{"list/", "b c.txt"},
		{"?sort=size&order=desc", "list page large.bin long.txt picture.png packed.css packed.css.gz a.txt empty.txt"},
	} {
		if got := listed(t, p.url+tt.query); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.query, got, tt.want)
		}
	}
	if got := get(t, p.url+"list?sort=time"); got.status != 301 || got.header.Get("Location") != "/list/?sort=time" {
		t.Errorf("without a slash: got %d to %s", got.status, got.header.Get("Location"))
	}
	if got := get(t, p.url+"page/"); got.body != "<h1>Tea</h1>" {
		t.Errorf("with a page of its own: got %s", got.body)
	}
	if got := get(t, start(t, dir, "--no-listing").url); got.status != 404 {
		t.Errorf("--no-listing: got %d", got.status)
	}
}

// listed returns the names in the document for a directory.
func listed(t *testing.T, url string) string {
	t.Helper()
	got := get(t, url, "Accept", "application/json")
	var doc struct{ Entries []struct{ Name string } }
	if err := json.Unmarshal([]byte(got.body), &doc); err != nil || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("%s: got %v in %s %s", url, err, got.header.Get("Content-Type"), got.body)
	}
	var names []string
	for _, entry := range doc.Entries {
		names = append(names, entry.Name)
	}
	return strings.Join(names, " ")
}

func TestWhatIsServed(t *testing.T) {
	dir := site(t)
	plain, dotfiles, spa := start(t, dir).url, start(t, dir, "--dotfiles").url, start(t, dir, "--spa=page/index.htm").url
	for _, tt := range []struct {
		name, url, accept string
		status            int
		body              string // "" for any
	}{
		{"a dotfile", plain + ".secret", "*/*", 404, ""},
		{"a dotfile with --dotfiles", dotfiles + ".secret", "*/*", 200, "s"},
		{"above the directory", dotfiles + "..%2f" + filepath.Base(dir) + "/a.txt", "*/*", 404, ""},
		{"no file", plain + "route/5", "text/html", 404, ""},
		{"no file with --spa", spa + "route/5", "text/html", 200, "<h1>Tea</h1>"},
		{"no picture with --spa", spa + "logo.png", "image/*,*/*", 404, ""},
		{"a file with --spa", spa + "a.txt", "text/html", 200, "tea\n"},
	} {
		if got := get(t, tt.url, "Accept", tt.accept); got.status != tt.status || tt.body != "" && got.body != tt.body {
			t.Errorf("%s: GET %s = %d %q, want %d %q", tt.name, tt.url, got.status, got.body, tt.status, tt.body)
		}
	}
	if got := do(t, http.MethodPost, plain+"a.txt"); got.status != 405 || got.header.Get("Allow") != "GET, HEAD, OPTIONS" {
		t.Errorf("POST = %d, Allow: %s", got.status, got.header.Get("Allow"))
	}
	if got := get(t, plain+"large.bin", "Range", "bytes=-2"); got.status != 206 || got.body != "\x00\x00" {
		t.Errorf("a range = %d %q", got.status, got.body)
	}
}

func TestCORS(t *testing.T) {
	everybody := start(t, site(t), "--cors", "--auth=anna:tea")
	one := start(t, site(t), "--cors=https://tea.example")
	for _, tt := range []struct {
		name   string
		url    string
		fields []string
		status int
		want   string // the fields about access, in the order of names
	}{
		{"a preflight needs no password", everybody.url,
			[]string{"Origin", "https://a.example", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "range"}, 204,
			"Allow-Headers: range; Allow-Methods: GET, HEAD; Allow-Origin: *; Max-Age: 600"},
		{"what is no preflight does", everybody.url, []string{"Origin", "https://a.example"}, 401, "Allow-Origin: *"},
		{"one origin", one.url, []string{"Origin", "https://a.example", "Access-Control-Request-Method", "GET"}, 204,
			"Allow-Credentials: true; Allow-Methods: GET, HEAD; Allow-Origin: https://tea.example; Max-Age: 600"},
	} {
		got := do(t, http.MethodOptions, tt.url+"a.txt", tt.fields...)
		if access := accessFields(got.header); got.status != tt.status || access != tt.want {
			t.Errorf("%s: got %d %q, want %d %q", tt.name, got.status, access, tt.status, tt.want)
		}
	}
	got := get(t, one.url+"a.txt", "Origin", "https://tea.example")
	if got.status != 200 || got.body != "tea\n" || got.header.Get("Access-Control-Allow-Origin") != "https://tea.example" ||
		!strings.Contains(got.header.Get("Access-Control-Expose-Headers"), "Content-Range") {
		t.Errorf("GET from the origin: got %+v", got)
	}
	if got := get(t, start(t, site(t)).url+"a.txt", "Origin", "https://a.example"); accessFields(got.header) != "" {
		t.Errorf("without the flag: got %q, want no fields about access", accessFields(got.header))
	}
}

func accessFields(h http.Header) string {
	var fields []string
	for _, name := range []string{"Allow-Credentials", "Allow-Headers", "Allow-Methods", "Allow-Origin", "Max-Age"} {
		if value := h.Get("Access-Control-" + name); value != "" {
			fields = append(fields, name+": "+value)
		}
	}
	return strings.Join(fields, "; ")
}

func TestAuth(t *testing.T) {
	dir := site(t)
	file := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(file, []byte("\nben:a:b\n\ncleo:größe\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	inVariable := command("serve", dir, "--addr=127.0.0.1:0")
	inVariable.Env = append(inVariable.Env, "MICROROUTE_AUTH=anna:tea")
	flag, variable, both := start(t, dir, "--auth=anna:tea"), startCommand(t, inVariable), start(t, dir, "--auth=anna:tea", "--auth-file="+file)
	for _, tt := range []struct {
		name, url, authorization string
		status                   int
	}{
		{"no credentials", flag.url, "", 401},
		{"the right ones", flag.url, "Basic YW5uYTp0ZWE=", 200}, // anna:tea
		{"RFC 9110 section 11.1: case", flag.url, "bAsIc YW5uYTp0ZWE=", 200},
		{"RFC 9110 section 11.4: spaces", flag.url, "Basic   YW5uYTp0ZWE=", 200},
		{"a wrong password", flag.url, "Basic YW5uYTp0ZQ==", 401}, // anna:te
		{"a wrong user", flag.url, "Basic YW5uOnRlYQ==", 401},     // ann:tea
		{"no colon", flag.url, "Basic YW5uYQ==", 401},             // anna
		{"no Base64", flag.url, "Basic anna:tea", 401},
		{"nothing", flag.url, "Basic ", 401},
		{"another scheme", flag.url, "Bearer YW5uYTp0ZWE=", 401},
		{"from the environment", variable.url, "Basic YW5uYTp0ZWE=", 200},
		{"not from the environment", variable.url, "", 401},
		{"flag beside a file", both.url, "Basic YW5uYTp0ZWE=", 200},
		{"a colon in the password", both.url, "Basic YmVuOmE6Yg==", 200},         // ben:a:b
		{"RFC 7617 section 2.1: UTF-8", both.url, "Basic Y2xlbzpncsO2w59l", 200}, // cleo:größe
		{"a user with another's password", both.url, "Basic YmVuOnRlYQ==", 401},  // ben:tea
	} {
		got := get(t, tt.url+"a.txt", "Authorization", tt.authorization)
		if got.status != tt.status || (got.body == "tea\n") != (tt.status == 200) {
			t.Errorf("%s: got %d %q, want %d", tt.name, got.status, got.body, tt.status)
		}
		if asks := got.header.Get("WWW-Authenticate") == `Basic realm="files", charset="UTF-8"`; asks != (tt.status == 401) {
			t.Errorf("%s: WWW-Authenticate is %q", tt.name, got.header.Get("WWW-Authenticate"))
		}
	}
}

func TestTLS(t *testing.T) {
	c := command("serve", site(t), "--addr=:0", "--tls")
	p := startCommand(t, c)
	if !strings.HasPrefix(p.url, "https://localhost:") {
		t.Fatalf("serves %s, want https://localhost", p.url)
	}
	got := get(t, p.url+"a.txt")
	if got.body != "tea\n" {
		t.Fatalf("got %+v", got)
	}
	leaf := got.tls.PeerCertificates[0]
	trust := x509.NewCertPool()
	trust.AddCert(leaf)
	host, _ := os.Hostname()
	names := []string{"localhost", "127.0.0.1", "[::1]", host}
	for _, addr := range localAddrs() {
		names = append(names, "["+addr.String()+"]")
	}
	for _, name := range names {
		if _, err := leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: trust}); err != nil {
			t.Errorf("the certificate is not for %s: %v", name, err)
		}
	}
	if _, err := leaf.Verify(x509.VerifyOptions{DNSName: "tea.example", Roots: trust}); err == nil {
		t.Error("the certificate is for tea.example, too")
	}
	if days := leaf.NotAfter.Sub(leaf.NotBefore).Hours() / 24; days > 398 {
		t.Errorf("the certificate is valid for %v days, which browsers refuse", days)
	}
	if p.end(t, os.Interrupt) != 0 {
		t.Errorf("exit code is not 0: %s", &p.stderr)
	}
}
