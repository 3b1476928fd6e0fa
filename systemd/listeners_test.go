//go:build linux

package systemd_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestListeners(t *testing.T) {
	tcp := openTCP(t)
	unix, path := openUnix(t)
	datagrams := openDatagrams(t)
	pipe, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	defer writer.Close()
	const again = "0 sockets, error: <nil>\n" + `inherited: ""` + "\n"
	for _, test := range []struct {
		name  string
		files []*os.File
		env   []string
		want  string
	}{
		{"none", nil, nil, "0 sockets, error: <nil>\n" + again},
		{
			"two with names", []*os.File{tcp.file, unix},
			[]string{"LISTEN_PID=$$", "LISTEN_FDS=2", "LISTEN_FDNAMES=http:admin"},
			"2 sockets, error: <nil>\n" +
				"http: tcp " + tcp.address + " *net.TCPListener\n1 with that name, of 2\n" +
				"admin: unix " + path + " *net.UnixListener\n1 with that name, of 2\n" + again,
		},
		{
			"two with one name", []*os.File{tcp.file, unix},
			[]string{"LISTEN_PID=$$", "LISTEN_PIDFDID=1", "LISTEN_FDS=2", "LISTEN_FDNAMES=tea.socket:tea.socket"},
			"2 sockets, error: <nil>\n" +
				"tea.socket: tcp " + tcp.address + " *net.TCPListener\n2 with that name, of 2\n" +
				"tea.socket: unix " + path + " *net.UnixListener\n2 with that name, of 2\n" + again,
		},
		{
			"without names", []*os.File{tcp.file},
			[]string{"LISTEN_PID=$$", "LISTEN_FDS=1"},
			"1 sockets, error: <nil>\nunknown: tcp " + tcp.address + " *net.TCPListener\n1 with that name, of 1\n" + again,
		},
		{
			"empty name", []*os.File{tcp.file},
			[]string{"LISTEN_PID=$$", "LISTEN_FDS=1", "LISTEN_FDNAMES="},
			"1 sockets, error: <nil>\n: tcp " + tcp.address + " *net.TCPListener\n1 with that name, of 1\n" + again,
		},
		{
			"datagrams", []*os.File{tcp.file, datagrams},
			[]string{"LISTEN_PID=$$", "LISTEN_FDS=2", "LISTEN_FDNAMES=http:quic"},
			"0 sockets, error: listener: descriptor 4 (quic): not a stream socket that listens, but one for datagrams\n" + again,
		},
		{
			"two that do not listen", []*os.File{pipe, tcp.file, datagrams},
			[]string{"LISTEN_PID=$$", "LISTEN_FDS=3"},
			"0 sockets, error: listener: descriptor 3 (unknown): not a stream socket that listens: no socket at all\n" +
				"listener: descriptor 5 (unknown): not a stream socket that listens, but one for datagrams\n" + again,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := startService(t, "listeners", test.files, test.env...).wait(); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
	if _, err := os.Lstat(path); err != nil {
		t.Errorf("the file of the unix socket is gone, which belongs to systemd: %v", err)
	}
}

// What the variables say must make sense, and be for this process; they are gone whatever they say.
func TestListenersVariables(t *testing.T) {
	file := openTCP(t).file
	for _, test := range []struct {
		pid, fds, names string
		want            string
	}{
		{"1", "1", "tea", "<nil>"},
		{"1", "x", "tea", "<nil>"},
		{"", "1", "tea", "<nil>"},
		{"$$", "", "tea", "<nil>"},
		{"x", "1", "tea", "systemd: LISTEN_PID=x is not the number of a process"},
		{"-1", "1", "tea", "systemd: LISTEN_PID=-1 is not the number of a process"},
		{"$$", "x", "tea", "systemd: LISTEN_FDS=x is not a number of descriptors"},
		{"$$", "0", "tea", "systemd: LISTEN_FDS=0 is not a number of descriptors"},
		{"$$", "-1", "tea", "systemd: LISTEN_FDS=-1 is not a number of descriptors"},
		{"$$", "4294967297", "tea", "systemd: LISTEN_FDS=4294967297 is not a number of descriptors"},
		{"$$", "1", "tea:coffee", "systemd: LISTEN_FDNAMES=tea:coffee does not name 1 descriptors"},
		{"$$", "2", "tea", "systemd: LISTEN_FDNAMES=tea does not name 2 descriptors"},
	} {
		env := []string{"LISTEN_PID=" + test.pid, "LISTEN_FDS=" + test.fds, "LISTEN_FDNAMES=" + test.names}
		got := startService(t, "listeners", []*os.File{file}, env...).wait()
		first, rest, _ := strings.Cut(got, "\n")
		if want := "0 sockets, error: " + test.want; first != want {
			t.Errorf("%v: got %q, want %q", env, first, want)
		}
		if !strings.HasPrefix(rest, "0 sockets, error: <nil>\n") || strings.Contains(rest, "LISTEN_") {
			t.Errorf("%v: got %q afterwards, want that nothing is left of it", env, rest)
		}
	}
}

// If one of the sockets is none to serve, none is kept.
func TestListenersRefused(t *testing.T) {
	files := []*os.File{openTCP(t).file, openDatagrams(t)}
	got := startService(t, "refused", files, "LISTEN_PID=$$", "LISTEN_FDS=2").wait()
	if want := "failed: true, open: 0\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A descriptor that is announced but not there is an error.
func TestListenersMissing(t *testing.T) {
	got := startService(t, "listeners", nil, "LISTEN_PID=$$", "LISTEN_FDS=1000").wait()
	first, _, _ := strings.Cut(got, "\n")
	const begin, end = "0 sockets, error: systemd: descriptor ", " (unknown): bad file descriptor"
	if !strings.HasPrefix(first, begin) || !strings.HasSuffix(first, end) {
		t.Errorf("got %q, want an error about a bad descriptor", got)
	}
}

func TestFiles(t *testing.T) {
	files := []*os.File{openTCP(t).file, openDatagrams(t)}
	got := startService(t, "files", files, "LISTEN_PID=$$", "LISTEN_FDS=2", "LISTEN_FDNAMES=https:quic").wait()
	if want := "2 files, error: <nil>\n3 https\n4 quic\n" + `inherited: ""` + "\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	got = startService(t, "files", files, "LISTEN_PID=$$", "LISTEN_FDS=none").wait()
	if want := "0 files, error: systemd: LISTEN_FDS=none is not a number of descriptors\n"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// tcpSocket is a socket that listens, as systemd opens one.
type tcpSocket struct {
	file    *os.File
	address string
}

func openTCP(t *testing.T) tcpSocket {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return tcpSocket{fileOf(t, l), l.Addr().String()}
}

func openUnix(t *testing.T) (file *os.File, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "socket")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	l.SetUnlinkOnClose(false)
	return fileOf(t, l), path
}

func openDatagrams(t *testing.T) *os.File {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return fileOf(t, conn)
}

func fileOf(t *testing.T, socket interface{ File() (*os.File, error) }) *os.File {
	t.Helper()
	f, err := socket.File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
