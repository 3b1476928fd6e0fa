//go:build unix

package listener_test

import (
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/microroute/microroute/listener"
)

// A descriptor of each kind of listener becomes that listener, and the descriptor is given up.
func TestFD(t *testing.T) {
	path := t.TempDir() + "/socket"
	for _, test := range []struct{ network, address string }{
		{"tcp4", "127.0.0.1:0"}, {"tcp6", "[::1]:0"}, {"unix", path},
	} {
		t.Run(test.network, func(t *testing.T) {
			parent, err := net.Listen(test.network, test.address)
			if err != nil {
				t.Skip(err)
			}
			fd := descriptorOf(t, parent)
			parent.Close()
			if test.network == "unix" { // its Close has removed the file, which shows that FD's does not
				os.WriteFile(path, nil, 0o600)
			}
			l, err := listener.FD(uintptr(fd), "tea")
			if err != nil {
				t.Fatal(err)
			}
			if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFD, 0); errno != syscall.EBADF {
				t.Errorf("the descriptor is still open")
			}
			if got, want := l.Addr().String(), parent.Addr().String(); got != want {
				t.Errorf("got address %s, want %s", got, want)
			}
			checkCloseOnExec(t, l)
			switch l.(type) {
			case *net.TCPListener:
				if got := get(t, dial(t, serve(t, l, "tea").Addr())); got != "tea" {
					t.Errorf("got %q, want %q", got, "tea")
				}
			case *net.UnixListener:
				l.Close()
				if _, err := os.Lstat(path); err != nil {
					t.Errorf("the file that was made by another process is gone: %v", err)
				}
			default:
				t.Errorf("got a %T, want what the event engine serves", l)
			}
		})
	}
}

func TestFDOfOtherThings(t *testing.T) {
	files, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	conn := dial(t, files.Addr())
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer packets.Close()
	var pipe [2]int
	if err := syscall.Pipe(pipe[:]); err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(pipe[1])
	silent, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}

	for _, test := range []struct {
		name string
		fd   int
		want error
		text string
	}{
		{"connection", descriptorOf(t, conn), listener.ErrNotListening, "listen(2) was not called"},
		{"socket that does not listen", silent, listener.ErrNotListening, "listen(2) was not called"},
		{"datagrams", descriptorOf(t, packets), listener.ErrNotListening, "but one for datagrams"},
		{"pipe", pipe[0], listener.ErrNotListening, "no socket at all"},
		{"closed", 1 << 20, syscall.EBADF, "bad file descriptor"},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer syscall.Close(test.fd)
			_, open := fstat(test.fd)
			_, err := listener.FD(uintptr(test.fd), "tea")
			if !errors.Is(err, test.want) || !strings.HasPrefix(err.Error(), "listener: descriptor ") ||
				!strings.Contains(err.Error(), " (tea): ") || !strings.HasSuffix(err.Error(), test.text) {
				t.Errorf("got error %v, want one that ends with %q", err, test.text)
			}
			if _, still := fstat(test.fd); still != open {
				t.Errorf("the descriptor was open: %v, and is now: %v", open, still)
			}
		})
	}
	if _, err := listener.FD(1<<20, ""); err == nil || strings.Contains(err.Error(), "(") {
		t.Errorf("got error %v, want one without a name", err)
	}
}

// descriptorOf returns another descriptor of a socket, which is the caller's.
func descriptorOf(t *testing.T, socket any) int {
	t.Helper()
	f, err := socket.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return fd
}

func fstat(fd int) (stat syscall.Stat_t, open bool) {
	err := syscall.Fstat(fd, &stat)
	return stat, err == nil
}

func checkCloseOnExec(t *testing.T, l net.Listener) {
	t.Helper()
	raw, err := l.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_GETFD, 0)
		if errno != 0 || flags&syscall.FD_CLOEXEC == 0 {
			t.Errorf("the listener's descriptor has flags %#x (%v), want it to be closed on exec", flags, errno)
		}
	})
}
