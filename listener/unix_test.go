//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package listener_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/microroute/microroute/listener"
)

func TestUnixMode(t *testing.T) {
	group := fmt.Sprint(os.Getgid())
	for _, test := range []struct {
		umask  int
		config listener.UnixConfig
		want   fs.FileMode
	}{
		{0o022, listener.UnixConfig{}, 0o600},
		{0o022, listener.UnixConfig{Group: group}, 0o660},
		{0o022, listener.UnixConfig{Mode: 0o600, Group: group}, 0o600},
		{0o022, listener.UnixConfig{Mode: 0o666}, 0o666},
		{0o777, listener.UnixConfig{Mode: 0o660}, 0o660},
		{0, listener.UnixConfig{Mode: 0o640}, 0o640},
		{0, listener.UnixConfig{Mode: 0o060}, 0o060},
	} {
		t.Run(fmt.Sprintf("umask %03o %+v", test.umask, test.config), func(t *testing.T) {
			path := socketPath(t)
			setUmask(t, test.umask)
			l := listenUnix(t, path, test.config)
			info, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode(); got != test.want|fs.ModeSocket {
				t.Errorf("got mode %v, want %v", got, test.want|fs.ModeSocket)
			}
			checkFiles(t, filepath.Dir(path), "socket")
			if test.want&0o200 == 0 {
				return // not for its owner
			}
			if got := get(t, dial(t, serve(t, l, "tea").Addr())); got != "tea" {
				t.Errorf("got %q, want %q", got, "tea")
			}
		})
	}
}

// Whoever looks at the file all the time never sees more permissions than the socket is to have.
func TestUnixModeIsNeverWider(t *testing.T) {
	const mode fs.FileMode = 0o640
	path := socketPath(t)
	setUmask(t, 0)
	var wider atomic.Uint32
	var done atomic.Bool
	var watching sync.WaitGroup
	watching.Go(func() {
		for !done.Load() {
			if info, err := os.Lstat(path); err == nil && info.Mode().Perm()&^mode != 0 {
				wider.Store(uint32(info.Mode().Perm()))
			}
		}
	})
	for range 500 {
		l, err := listener.Unix(path, listener.UnixConfig{Mode: mode, Group: fmt.Sprint(os.Getgid())})
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
	}
	done.Store(true)
	watching.Wait()
	if got := fs.FileMode(wider.Load()); got != 0 {
		t.Errorf("the file had mode %v, want no more than %v", got, mode)
	}
}

func TestUnixGroup(t *testing.T) {
	groups, err := os.Getgroups()
	if err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		groups = append(groups, 1, 12345) // root may give files to any group
	}
	for _, group := range groups {
		path := socketPath(t)
		listenUnix(t, path, listener.UnixConfig{Mode: 0o660, Group: fmt.Sprint(group)})
		if got := groupOf(t, path); got != uint32(group) {
			t.Errorf("group %d: got %d", group, got)
		}
	}
}

func TestUnixFails(t *testing.T) {
	dir := filepath.Dir(socketPath(t))
	long := filepath.Join(dir, strings.Repeat("x", 110))
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("tea"), 0o600); err != nil {
		t.Fatal(err)
	}
	live := filepath.Join(dir, "live")
	listenUnix(t, live, listener.UnixConfig{})
	if err := os.Symlink(live, link); err != nil {
		t.Fatal(err)
	}
	datagrams, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "datagrams"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer datagrams.Close()
	before := listFiles(t, dir)
	const inUse, notSocket = "somebody listens there already", "there is a file that is no socket"
	for _, test := range []struct {
		name, path string
		config     listener.UnixConfig
		want       error // nil for any
		text       string
	}{
		{"live socket", live, listener.UnixConfig{}, listener.ErrInUse, "listen unix " + live + ": " + inUse},
		{"socket for datagrams", datagrams.LocalAddr().String(), listener.UnixConfig{}, listener.ErrInUse, inUse},
		{"file", file, listener.UnixConfig{}, listener.ErrNotSocket, "listen unix " + file + ": " + notSocket},
		{"directory", dir, listener.UnixConfig{}, listener.ErrNotSocket, notSocket},
		{"symbolic link", link, listener.UnixConfig{}, listener.ErrNotSocket, notSocket},
		{"no such directory", dir + "/none/socket", listener.UnixConfig{}, fs.ErrNotExist, "listen unix"},
		{"no path", "", listener.UnixConfig{}, nil, "no path"},
		{"path too long", long, listener.UnixConfig{}, syscall.EINVAL, "listen unix " + long + ": bind: invalid argument"},
		{"more than permissions", dir + "/a", listener.UnixConfig{Mode: 0o600 | fs.ModeSetgid}, nil, "not one of permissions"},
		{"no such group", dir + "/a", listener.UnixConfig{Group: "no such group"}, nil, "unknown group no such group"},
		{"number of no group", dir + "/a", listener.UnixConfig{Group: "-1"}, nil, "unknown group -1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, err := listener.Unix(test.path, test.config)
			if err == nil {
				l.Close()
				t.Fatalf("got no error, want %q", test.text)
			}
			if test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
				t.Errorf("got error %q, want it to say %q", err, test.text)
			}
			checkFiles(t, dir, before...)
		})
	}
	if got, err := os.ReadFile(file); string(got) != "tea" {
		t.Errorf("the file contains %q (%v), want what it did", got, err)
	}
}

// The group of a socket that cannot be given away to it: nothing of it stays.
func TestUnixForForeignGroup(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may give files to any group")
	}
	path := socketPath(t)
	if l, err := listener.Unix(path, listener.UnixConfig{Group: "0"}); !errors.Is(err, fs.ErrPermission) {
		if err == nil {
			l.Close()
		}
		t.Errorf("got error %v, want %v", err, fs.ErrPermission)
	}
	checkFiles(t, filepath.Dir(path))
}

func TestAbstract(t *testing.T) {
	name := "@microroute-" + filepath.Base(t.TempDir()) + fmt.Sprint(os.Getpid())
	if runtime.GOOS != "linux" {
		if l, err := listener.Unix(name, listener.UnixConfig{}); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("got %v and error %v, want %v", l, err, errors.ErrUnsupported)
		}
		return
	}
	l := listenUnix(t, name, listener.UnixConfig{})
	if got := get(t, dial(t, serve(t, l, "tea").Addr())); got != "tea" {
		t.Errorf("got %q, want %q", got, "tea")
	}
	for _, test := range []struct {
		config listener.UnixConfig
		want   string
	}{
		{listener.UnixConfig{}, "listen unix " + name + ": somebody listens there already"},
		{listener.UnixConfig{Mode: 0o600}, "neither mode nor group"},
		{listener.UnixConfig{Group: "0"}, "neither mode nor group"},
	} {
		if _, err := listener.Unix(name, test.config); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: got error %v, want it to say %q", test.config, err, test.want)
		}
	}
}

// socketPath returns a path in a new directory, short enough for a socket on every system.
func socketPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "socket")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "socket")
}

func listenUnix(t *testing.T, path string, config listener.UnixConfig) *net.UnixListener {
	t.Helper()
	l, err := listener.Unix(path, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func setUmask(t *testing.T, umask int) {
	old := syscall.Umask(umask)
	t.Cleanup(func() { syscall.Umask(old) })
}

func groupOf(t *testing.T, path string) uint32 {
	t.Helper()
	var stat syscall.Stat_t
	if err := syscall.Lstat(path, &stat); err != nil {
		t.Fatal(err)
	}
	return stat.Gid
}

func listFiles(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// checkFiles checks that these files are in dir, and no others.
func checkFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	if got := listFiles(t, dir); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got files %v, want %v", got, want)
	}
}
