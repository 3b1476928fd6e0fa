package systemd

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// What a service tells Notify. Any other assignment of sd_notify(3) may be told, too, such as "MAINPID=4711".
const (
	// Ready says that the service has started, or is done with Reloading.
	Ready = "READY=1"
	// Stopping says that the service has begun to end.
	Stopping = "STOPPING=1"
	// alive is for the watchdog.
	alive = "WATCHDOG=1"
)

// Status returns the state in which systemctl status shows a text, on one line.
func Status(text string) string {
	return "STATUS=" + strings.Join(strings.FieldsFunc(text, isLineEnd), " ")
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

// Reloading returns the state that says that the service has begun to read its configuration again. Ready follows it when
// that is done. It carries the time, by which systemd tells this reload from an earlier one (Type=notify-reload).
func Reloading() string {
	return "RELOADING=1\nMONOTONIC_USEC=" + strconv.FormatInt(monotonic().Microseconds(), 10)
}

// notifyTimeout is how long systemd may leave a message without room.
const notifyTimeout = 5 * time.Second

// Notify tells systemd the state of the service, all in one message. It reports whether there was somebody to tell: without
// the variable NOTIFY_SOCKET there is not, and that is no error.
func Notify(state ...string) (told bool, err error) {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return false, nil
	}
	if name[0] != '/' && name[0] != '@' {
		return false, fmt.Errorf("systemd: NOTIFY_SOCKET=%s is neither a path nor an abstract socket", name)
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return false, fmt.Errorf("systemd: NOTIFY_SOCKET: %w", err)
	}
	defer conn.Close()
	conn.SetWriteDeadline(time.Now().Add(notifyTimeout))
	if _, err := conn.Write([]byte(strings.Join(state, "\n"))); err != nil {
		return false, fmt.Errorf("systemd: NOTIFY_SOCKET: %w", err)
	}
	return true, nil
}
