package files_test

import (
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// large is more than the buffers of the system hold between two processes.
const large = 32 << 20

// TestResume breaks a download off and has curl get the rest of it, as with curl -C - after the network was gone.
func TestResume(t *testing.T) {
	whole := numbered(large)
	root := newSite(t, map[string]string{"large.txt": whole})
	onEach(t, root, nil, func(t *testing.T, address string) {
		c := newCurl(t, address)
		ctx, breakOff := context.WithTimeout(context.Background(), soon)
		defer breakOff()
		first := c.command(ctx, "/large.txt", "--limit-rate", "4M", "-o", "got")
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, "the first octets", func() bool { return c.size("got") > 0 })
		breakOff()
		first.Wait()
		begun := c.size("got")
		if begun >= int64(len(whole)) {
			t.Fatalf("the first curl got all %d octets", begun)
		}
		got := c.get("/large.txt", "-C", "-", "-o", "got")
		want := fmt.Sprintf("bytes %d-%d/%d", begun, len(whole)-1, len(whole))
		if got.code != 0 || got.status != 206 || got.header.Get("Content-Range") != want {
			t.Errorf("after %d octets: exit %d, status %d, Content-Range %q, want 0, 206, %q",
				begun, got.code, got.status, got.header.Get("Content-Range"), want)
		}
		if c.read("got") != whole {
			t.Error("both pieces are not the file")
		}
		if got := c.get("/large.txt", "-C", "-", "-o", "got"); got.code != 0 || got.status != 416 || c.read("got") != whole {
			t.Errorf("once more: exit %d, status %d, %d octets, want 0, 416, and the file as it was", got.code, got.status, c.size("got"))
		}
	})
}

func TestRanges(t *testing.T) {
	whole := numbered(1000)
	size := len(whole)
	root := newSite(t, map[string]string{"a.txt": whole})
	onEach(t, root, nil, func(t *testing.T, address string) {
		c := newCurl(t, address)
		for _, test := range []struct {
			ranges       string
			status       int
			contentRange string
			content      string
		}{
			{"0-12", 206, fmt.Sprintf("bytes 0-12/%d", size), whole[:13]},
			{"13-13", 206, fmt.Sprintf("bytes 13-13/%d", size), whole[13:14]},
			{"900-", 206, fmt.Sprintf("bytes 900-%d/%d", size-1, size), whole[900:]},
			{"-13", 206, fmt.Sprintf("bytes %d-%d/%d", size-13, size-1, size), whole[size-13:]},
			{"0-999999", 206, fmt.Sprintf("bytes 0-%d/%d", size-1, size), whole},
			{"-999999", 206, fmt.Sprintf("bytes 0-%d/%d", size-1, size), whole},
			{"999999-", 416, fmt.Sprintf("bytes */%d", size), ""},
		} {
			got := c.get("/a.txt", "-r", test.ranges)
			if got.code != 0 || got.status != test.status || got.header.Get("Content-Range") != test.contentRange {
				t.Errorf("-r %s: exit %d, status %d, Content-Range %q, want 0, %d, %q", test.ranges, got.code, got.status,
					got.header.Get("Content-Range"), test.status, test.contentRange)
			}
			if test.status == 206 && got.content != test.content {
				t.Errorf("-r %s: got %q, want %q", test.ranges, got.content, test.content)
			}
		}
	})
}

// TestSeveralRanges reads what curl passes on as it is (RFC 9110 section 14.6).
func TestSeveralRanges(t *testing.T) {
	whole := numbered(1000)
	root := newSite(t, map[string]string{"a.txt": whole})
	onEach(t, root, nil, func(t *testing.T, address string) {
		c := newCurl(t, address)
		got := c.get("/a.txt", "-r", "0-12,26-38,-13")
		kind, parameters, err := mime.ParseMediaType(got.header.Get("Content-Type"))
		if got.status != 206 || kind != "multipart/byteranges" || err != nil {
			t.Fatalf("status %d, Content-Type %q, want 206 and multipart/byteranges", got.status, got.header.Get("Content-Type"))
		}
		parts := multipart.NewReader(strings.NewReader(got.content), parameters["boundary"])
		end := len(whole)
		for _, want := range [][2]int{{0, 13}, {26, 39}, {end - 13, end}} {
			part, err := parts.NextRawPart()
			if err != nil {
				t.Fatalf("part %v: %v of %q", want, err, got.content)
			}
			content, err := io.ReadAll(part)
			field := fmt.Sprintf("bytes %d-%d/%d", want[0], want[1]-1, end)
			if string(content) != whole[want[0]:want[1]] || part.Header.Get("Content-Range") != field || err != nil {
				t.Errorf("part %v: got %v %q, %v, want Content-Range %q and %q", want, part.Header, content, err, field,
					whole[want[0]:want[1]])
			}
		}
		if _, err := parts.NextRawPart(); err != io.EOF {
			t.Errorf("after the last part: got %v, want the end", err)
		}

		var bomb []string
		for n := range 500 {
			bomb = append(bomb, fmt.Sprintf("%d-", n))
		}
		if got := c.get("/a.txt", "-r", strings.Join(bomb, ",")); got.status != 200 || got.content != whole {
			t.Errorf("500 ranges that overlap: got status %d and %d octets, want 200 and all %d", got.status, len(got.content), end)
		}
	})
}

// TestTimeCondition gives dates to -z, which sends If-Modified-Since, or If-Unmodified-Since for a date after a minus.
func TestTimeCondition(t *testing.T) {
	root := newSite(t, map[string]string{"a.txt": "text"})
	onEach(t, root, nil, func(t *testing.T, address string) {
		c := newCurl(t, address)
		for _, test := range []struct {
			date   string
			status int
		}{
			{made.Format(time.RFC1123), 304},
			{made.Add(time.Hour).Format(time.RFC1123), 304},
			{made.Add(-time.Second).Format(time.RFC1123), 200},
			{"-" + made.Add(time.Hour).Format(time.RFC1123), 200},
			{"-" + made.Add(-time.Second).Format(time.RFC1123), 412},
		} {
			got := c.get("/a.txt", "-z", test.date)
			if got.code != 0 || got.status != test.status || test.status == 200 && got.content != "text" {
				t.Errorf("-z %q: exit %d, status %d, content %q, want 0, %d", test.date, got.code, got.status, got.content, test.status)
			}
		}

		// -R gives the copy the time of the file, and -z takes the time of the copy.
		if got := c.get("/a.txt", "-R", "-O"); got.status != 200 || c.read("a.txt") != "text" {
			t.Errorf("-R -O: status %d, content %q, want 200 and the file", got.status, c.read("a.txt"))
		}
		info, err := os.Stat(filepath.Join(c.dir, "a.txt"))
		if err != nil || !info.ModTime().Equal(made) {
			t.Errorf("-R: the copy is of %v (%v), want %v", info.ModTime(), err, made)
		}
		if got := c.get("/a.txt", "-z", "a.txt", "-O"); got.status != 304 || c.read("a.txt") != "text" {
			t.Errorf("-z a.txt: status %d, content %q, want 304 and the copy as it was", got.status, c.read("a.txt"))
		}
	})
}

// TestETag saves an entity tag, compares it while the file is the same, and after it has changed within the same second.
func TestETag(t *testing.T) {
	needCurl(t)
	for _, test := range []struct {
		name    string
		content string
		time    time.Time
		status  int
	}{
		{"same", "text", made, 304},
		{"other size", "longer", made, 200},
		{"other time", "TEXT", made.Add(time.Nanosecond), 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := newSite(t, map[string]string{"a.txt": "text"})
			path := filepath.Join(root, "a.txt")
			onEach(t, root, nil, func(t *testing.T, address string) {
				c := newCurl(t, address)
				if err := writeAt(path, "text", made); err != nil {
					t.Fatal(err)
				}
				first := c.get("/a.txt", "--etag-save", "tag", "-o", "copy")
				if tag := strings.TrimSpace(c.read("tag")); tag == "" || tag != first.header.Get("ETag") {
					t.Fatalf("--etag-save: got %q, want the ETag %q", tag, first.header.Get("ETag"))
				}
				if err := writeAt(path, test.content, test.time); err != nil {
					t.Fatal(err)
				}
				again := c.get("/a.txt", "--etag-compare", "tag", "--etag-save", "tag", "-o", "copy")
				if again.code != 0 || again.status != test.status || c.read("copy") != test.content {
					t.Errorf("--etag-compare: exit %d, status %d, copy %q, want 0, %d, %q", again.code, again.status, c.read("copy"),
						test.status, test.content)
				}
			})
		})
	}
}

func writeAt(path, content string, modified time.Time) error {
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		return err
	}
	return os.Chtimes(path, modified, modified)
}

// TestHead compares what -I shows with the fields of the answer to GET, but for the Date.
func TestHead(t *testing.T) {
	root := newSite(t, map[string]string{"a.txt": numbered(1000), "sub/index.html": "sub"})
	onEach(t, root, nil, func(t *testing.T, address string) {
		c := newCurl(t, address)
		for _, path := range []string{"/a.txt", "/sub/", "/sub", "/missing"} {
			get, head := c.get(path), c.get(path, "-I")
			get.header.Del("Date")
			head.header.Del("Date")
			if got, want := fmt.Sprint(head.status, head.header), fmt.Sprint(get.status, get.header); got != want || head.code != 0 {
				t.Errorf("-I %s: exit %d, %s, want 0, %s", path, head.code, got, want)
			}
		}
	})
}

// TestDirectory follows the redirection from a directory's name to its default page.
func TestDirectory(t *testing.T) {
	root := newSite(t, map[string]string{"grün sub/index.html": "page"})
	onEach(t, root, nil, func(t *testing.T, address string) {
		c := newCurl(t, address)
		got := c.get("/gr%C3%BCn%20sub?q=1", "-L", "-w", " %{num_redirects} %{url_effective}")
		if want := "page 1 http://" + address + "/gr%C3%BCn%20sub/?q=1"; got.content != want {
			t.Errorf("got %q, want %q", got.content, want)
		}
	})
}

// TestShrinkingFile cuts a file off while curl gets it slowly. An answer that ends early must not look whole.
func TestShrinkingFile(t *testing.T) {
	root := newSite(t, map[string]string{"large.bin": ""})
	path := filepath.Join(root, "large.bin")
	onEach(t, root, nil, func(t *testing.T, address string) {
		c := newCurl(t, address)
		if err := os.Truncate(path, 4*large); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		defer cancel()
		cmd := c.command(ctx, "/large.bin", "--limit-rate", "32M", "-o", "got")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, "the first octets", func() bool { return c.size("got") > 0 })
		if err := os.Truncate(path, 1); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		// 18: a file was only partially transferred.
		if code, size := cmd.ProcessState.ExitCode(), c.size("got"); code != 18 || size >= 4*large {
			t.Errorf("got exit %d after %d octets, want 18 before %d", code, size, 4*large)
		}
		if got := c.get("/large.bin"); got.code != 0 || got.status != 200 || len(got.content) != 1 {
			t.Errorf("afterwards: exit %d, status %d, %d octets, want 0, 200, 1", got.code, got.status, len(got.content))
		}
	})
}
