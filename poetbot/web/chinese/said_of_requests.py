"""What the door says to a request that it turns away, in Chinese."""

REFUSED = {
    "There is nothing at this address.": "这个地址没有内容。",
    "PoetBot on this machine is called localhost or 127.0.0.1: use one of them in the address.": "在本机上，PoetBot 的地址是 localhost 或 127.0.0.1：请在地址栏中使用其中一个。",
    "Another website's page asked for this, and PoetBot answers only its own: open PoetBot itself.": "这个请求来自别的网站，PoetBot 只回应自己的页面：请直接打开 PoetBot。",
    "You are no longer signed in: reload the page.": "你已退出登录：请重新加载页面。",
    "That is not yours, or is no longer there: reload the page.": "那不是你的，或已经不在了：请重新加载页面。",
    "That cannot be read: reload the page.": "无法读取发来的内容：请重新加载页面。",
    "That is more than PoetBot takes at once: send it in parts.": "一次发送的内容太多：请分几次发送。",
    "The length is missing: send it as Content-Length.": "缺少长度：请用 Content-Length 注明。",
    "That was a lot at once: wait a minute, then go on.": "一下子请求得太多：请等一分钟再继续。",
    "You have uploaded as many files as you may within an hour: wait a little, then go on.": "你在一小时内上传的文件已达上限：请过一会儿再继续。",
    "Too many wrong passwords came from your address: wait a minute, then try again.": "你的地址输错密码的次数太多：请等一分钟再试。",
    "PoetBot has as many guests as it can take at once: come back in half an hour.": "PoetBot 的访客已满：请过半小时再来。",
    "You have asked for many things at once: wait until some of them are done.": "你同时请求的事情太多：请等其中一些完成。",
}
