//go:build linux

package systemd_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute/systemd"
)

func TestWatchdogInterval(t *testing.T) {
	self := fmt.Sprint(os.Getpid())
	for _, test := range []struct {
		interval, pid string
		want          time.Duration
		fault         string
	}{
		{"", "", 0, ""},
		{"", self, 0, ""},
		{"20000000", self, 20 * time.Second, ""},
		{"20000000", "", 20 * time.Second, ""},
		{"20000000", "1", 0, ""},
		{"20000000", "x", 0, "systemd: WATCHDOG_PID=x is not the number of a process"},
		{"0", self, 0, "systemd: WATCHDOG_USEC=0 is not a number of microseconds"},
		{"-1", self, 0, "systemd: WATCHDOG_USEC=-1 is not a number of microseconds"},
		{"20s", self, 0, "systemd: WATCHDOG_USEC=20s is not a number of microseconds"},
		{"9223372036854775", self, 9223372036854775 * time.Microsecond, ""},
		{"9223372036854776", self, 0, "systemd: WATCHDOG_USEC=9223372036854776 is not a number of microseconds"},
		{"18446744073709551615", self, 0, "systemd: WATCHDOG_USEC=18446744073709551615 is not a number of microseconds"},
	} {
		t.Setenv("WATCHDOG_USEC", test.interval)
		t.Setenv("WATCHDOG_PID", test.pid)
		got, err := systemd.WatchdogInterval()
		if fault := errorText(err); got != test.want || fault != test.fault {
			t.Errorf("%q, %q: got %v, %q, want %v, %q", test.interval, test.pid, got, fault, test.want, test.fault)
		}
		if test.want > 0 {
			continue
		}
		if err := systemd.Watchdog(t.Context(), nil); errorText(err) != test.fault {
			t.Errorf("%q, %q: Watchdog returned %v, want %q", test.interval, test.pid, err, test.fault)
		}
	}
}

// In every interval systemd is told twice, but not while the service is not healthy.
func TestWatchdog(t *testing.T) {
	for _, test := range []struct {
		name    string
		healthy func(since time.Duration) bool
		want    int
	}{
		{"no health", nil, 10},
		{"healthy", func(time.Duration) bool { return true }, 10},
		{"never healthy", func(time.Duration) bool { return false }, 0},
		{"not healthy for a while", func(since time.Duration) bool { return since < 15*time.Second || since > 35*time.Second }, 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newManager(t, notifySocket(t))
			t.Setenv("NOTIFY_SOCKET", m.conn.LocalAddr().String())
			t.Setenv("WATCHDOG_USEC", "10000000")
			t.Setenv("WATCHDOG_PID", fmt.Sprint(os.Getpid()))
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 52*time.Second)
				defer cancel()
				var healthy func() bool
				if test.healthy != nil {
					healthy = func() bool { return test.healthy(time.Since(begin)) }
				}
				if err := systemd.Watchdog(ctx, healthy); err != nil {
					t.Error(err)
				}
			})
			if got, want := m.waiting(), slices.Repeat([]string{"WATCHDOG=1"}, test.want); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// What cannot be told once does not end the watchdog, but is not forgotten.
func TestWatchdogTellsNobody(t *testing.T) {
	name := notifySocket(t)
	t.Setenv("NOTIFY_SOCKET", name)
	t.Setenv("WATCHDOG_USEC", "10000000")
	t.Setenv("WATCHDOG_PID", "")
	var m *manager
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		asked := 0
		err := systemd.Watchdog(ctx, func() bool {
			if asked++; asked == 2 {
				m = newManager(t, name)
			}
			return true
		})
		if !strings.HasPrefix(errorText(err), "systemd: NOTIFY_SOCKET: dial") {
			t.Errorf("got error %v, want that of the first time", err)
		}
		if got := m.waiting(); !slices.Equal(got, []string{"WATCHDOG=1"}) {
			t.Errorf("got %q, want that it goes on", got)
		}
	})
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
