//go:build linux

package restart_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// When a terminal is closed, the program that runs in it ends, and is not restarted.
func TestTerminalCloses(t *testing.T) {
	screen, terminal := openTerminal(t)
	g := newLine(t, settings{})
	cmd := exec.Command("/bin/sh", "-c", `"$0"; read line`, testBinary(t)) // the shell stays
	cmd.Stdin = terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	g.start(cmd)
	terminal.Close()
	first := g.serving()
	next := g.restart(syscall.SIGUSR2)
	g.awaitEnd(first)
	if a := g.ask("GET", "/"); a.pid != next {
		t.Errorf("%d has answered, want %d", a.pid, next)
	}
	screen.Close()
	g.awaitEnd(next)
	g.awaitEnd(cmd.Process.Pid)
	if strings.Count(g.said(), "restart begins") != 1 {
		t.Error("the hang-up has restarted the program")
	}
}

// openTerminal opens a pseudo-terminal, both ends of it.
func openTerminal(t *testing.T) (screen, terminal *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { screen.Close() })
	const unlock, getNumber = 0x40045431, 0x80045430 // TIOCSPTLCK, TIOCGPTN
	var locked, number int32
	for request, argument := range map[uintptr]*int32{unlock: &locked, getNumber: &number} {
		to := uintptr(unsafe.Pointer(argument))
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, screen.Fd(), request, to); errno != 0 {
			t.Skip(errno)
		}
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	return screen, terminal
}
