//go:build linux

package systemd_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/microroute/microroute/systemd"
)

func TestNotify(t *testing.T) {
	for _, test := range []struct {
		state []string
		want  string
	}{
		{[]string{systemd.Ready}, "READY=1"},
		{[]string{systemd.Stopping}, "STOPPING=1"},
		{[]string{systemd.Ready, systemd.Status("serving tea")}, "READY=1\nSTATUS=serving tea"},
		{[]string{systemd.Status("two\nlines\r\nor READY=1")}, "STATUS=two lines or READY=1"},
		{[]string{systemd.Status("")}, "STATUS="},
		{[]string{"MAINPID=4711"}, "MAINPID=4711"},
	} {
		for _, name := range []string{notifySocket(t), fmt.Sprintf("@microroute-notify-%d", os.Getpid())} {
			m := newManager(t, name)
			t.Setenv("NOTIFY_SOCKET", name)
			if told, err := systemd.Notify(test.state...); !told || err != nil {
				t.Errorf("%q: got %v, %v, want true and no error", test.state, told, err)
				continue
			}
			if got := m.next(); got != test.want {
				t.Errorf("%q: got %q, want %q", test.state, got, test.want)
			}
			m.conn.Close()
		}
	}
}

func TestNotifyNobody(t *testing.T) {
	gone := notifySocket(t)
	newManager(t, gone).conn.Close()
	for _, test := range []struct{ socket, want string }{
		{"", "<nil>"},
		{notifySocket(t) + "/none", "systemd: NOTIFY_SOCKET: dial unixgram"},
		{gone, "systemd: NOTIFY_SOCKET: dial unixgram"},
		{"relative", "systemd: NOTIFY_SOCKET=relative is neither"},
		{"vsock:2:1234", "systemd: NOTIFY_SOCKET=vsock:2:1234 is neither"},
	} {
		t.Setenv("NOTIFY_SOCKET", test.socket)
		told, err := systemd.Notify(systemd.Ready)
		if told || !strings.HasPrefix(fmt.Sprint(err), test.want) {
			t.Errorf("%q: got %v, %v, want false and error %q", test.socket, told, err, test.want)
		}
	}
}

// The time of a reload is that of the clock that systemd looks at, which began when the machine did.
func TestReloading(t *testing.T) {
	begin := time.Now()
	first := reloadingTime(t)
	second := reloadingTime(t)
	if passed := time.Since(begin); second < first || second-first > passed {
		t.Errorf("got %v and then %v within %v", first, second, passed)
	}
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		t.Fatal(err)
	}
	uptime := time.Duration(info.Uptime+1) * time.Second // CLOCK_BOOTTIME, which goes on while the machine sleeps
	if first <= 0 || first > uptime {
		t.Errorf("got %v, want a time up to %v", first, uptime)
	}
}

func reloadingTime(t *testing.T) time.Duration {
	t.Helper()
	state := systemd.Reloading()
	µs, ok := strings.CutPrefix(state, "RELOADING=1\nMONOTONIC_USEC=")
	n, err := strconv.ParseInt(µs, 10, 64)
	if !ok || err != nil {
		t.Fatalf("got %q", state)
	}
	return time.Duration(n) * time.Microsecond
}
